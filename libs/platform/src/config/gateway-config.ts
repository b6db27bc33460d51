import { z } from 'zod';
import { doorLimits, doorSchema, type DoorLimits } from './door-limits.js';
import { processEnv, type Env } from './env.js';
import { ConfigError, type ConfigFault } from './config-error.js';
import { collectFaults, parseEnv } from './parse-env.js';
import { readSecretFiles } from './secret-files.js';
import { contentConfig, contentSchema, type ContentConfig } from './content-config.js';
import { retentionSchema, type RetentionConfig } from './retention-config.js';
import { storageConfig, storageSchema, type StorageConfig } from './storage-config.js';
import { durationMs, flag, nameList, networkList, secret, url, wholeNumber } from './variables.js';
import type { DnsServers } from '../dns/text-records.js';
import { dnsServers } from './dns-servers.js';
import { erasureConfig, erasureSchema, type ErasureConfig } from './erasure-config.js';
import { webhookConfig, webhookSchema, type WebhookConfig } from './webhook-config.js';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Work that a worker can do: send mail of a category, or `upkeep` (look-ups, polls, sweeps). */
export const workerLanes = ['authentication', 'transactional', 'marketing', 'upkeep'] as const;
export type WorkerLane = (typeof workerLanes)[number];

/** Everything the environment decides, except a provider's own variables. Durations are milliseconds. Frozen. */
export interface GatewayConfig extends StorageConfig {
  /** `port` 0: any free one. */
  readonly http: {
    readonly port: number;
    readonly host: string;
    /** Networks of the proxies whose `X-Forwarded-For` is believed. None: the address of the connection counts. */
    readonly trustedProxies: readonly string[];
  };
  /** Where a worker answers for its health and metrics; absent: nowhere. */
  readonly workerPort?: number | undefined;
  /** Lanes that this worker serves; each lane needs at least one worker. */
  readonly workerLanes: readonly WorkerLane[];
  /** Limits beyond which the api rejects callers. */
  readonly door: DoorLimits;
  readonly apiKey?: string | undefined;
  /** Account names by preference of `provider: auto`. */
  readonly providerOrder: readonly string[];
  /** Absent: on when no provider has credentials. */
  readonly sandbox?: boolean | undefined;
  /** Where the simulator is that a sandbox uses; nothing else is contacted then. */
  readonly simulatorUrl?: string | undefined;
  /** First interval between two status polls of a request; backs off with age. */
  readonly pollIntervalMs: number;
  readonly recoveryIntervalMs: number;
  /** Longest duration of one HTTP call to a provider. */
  readonly providerTimeoutMs: number;
  /** How long an unconfirmed request must stay absent before it is sent again. */
  readonly settleMs: number;
  /** How long a worker may hold a batch without renewing. */
  readonly leaseMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Failures in a row after which an account is left alone for a while. */
  readonly breakerFailures: number;
  /** After this a `sent` without receipt is final. */
  readonly sentFinalMs: number;
  /** After this an unaccepted recipient is `expired`. */
  readonly expireMs: number;
  /** 0: bounces suppress nothing. */
  readonly bounceSuppressionDays: number;
  /** Between two comparisons of our suppressions with the accounts' own lists; 0: only when they are asked for. */
  readonly suppressionSyncIntervalMs: number;
  readonly retention: RetentionConfig;
  readonly webhooks: WebhookConfig;
  /** The encryption of contents at rest. */
  readonly contents: ContentConfig;
  readonly erasures: ErasureConfig;
  /** Name servers that are asked about sender domains; in a sandbox none, unless they are named. */
  readonly dnsServers: DnsServers;
  readonly logLevel: LogLevel;
}

const httpSchema = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().trim().default('127.0.0.1'),
  TRUSTED_PROXIES: networkList().default([]),
  WORKER_PORT: wholeNumber(1, 65_535).optional(),
  WORKER_LANES: nameList()
    .pipe(z.array(z.enum(workerLanes)).min(1))
    .default([...workerLanes]),
  // It may do everything and never expires, so it must not be guessed: 32 characters, as `openssl rand -hex 16` makes.
  GATEWAY_API_KEY: secret(255, 32).optional(),
});

const deliverySchema = z.object({
  PROVIDER_ORDER: nameList().default([]),
  SANDBOX: flag().optional(),
  SIMULATOR_URL: url('http', 'https').optional(),
  DNS_SERVERS: dnsServers().optional(),
  POLL_INTERVAL_MS: durationMs(10).default(5000),
  RECOVERY_INTERVAL_MS: durationMs(10).default(5000),
  PROVIDER_TIMEOUT_MS: durationMs(1).default(30_000),
  SETTLE_MS: durationMs(0).default(120_000),
  LEASE_MS: durationMs(100).default(60_000),
  SENT_FINAL_MS: durationMs(0).default(72 * 3_600_000),
  EXPIRE_MS: durationMs(0).default(7 * 86_400_000),
  BOUNCE_SUPPRESSION_DAYS: wholeNumber(0, 3650).default(7),
  BREAKER_FAILURES: wholeNumber(1, 1_000_000).default(5),
  SUPPRESSION_SYNC_INTERVAL_MS: durationMs(0).default(3_600_000),
});

const retrySchema = z
  .object({ RETRY_BASE_MS: durationMs(1).default(1000), RETRY_MAX_MS: durationMs(1).default(300_000) })
  .refine((retry) => retry.RETRY_MAX_MS >= retry.RETRY_BASE_MS, {
    path: ['RETRY_MAX_MS'],
    message: 'must not be smaller than RETRY_BASE_MS',
  });

const loggingSchema = z.object({
  LOG_LEVEL: z.string().trim().toLowerCase().pipe(z.enum(logLevels)).default('info'),
});

const httpOf = (http: z.infer<typeof httpSchema>): GatewayConfig['http'] =>
  Object.freeze({ port: http.PORT, host: http.HOST, trustedProxies: Object.freeze(http.TRUSTED_PROXIES) });

/** Each can also be given by a file, under its name and `_FILE`. The secrets of accounts are their definitions'. */
const gatewaySecrets = [
  'DATABASE_URL',
  'DATABASE_MIGRATION_URL',
  'REDIS_URL',
  'GATEWAY_API_KEY',
  'WEBHOOK_MASTER_KEY',
  'CONTENT_KEYS',
  'ERASURE_KEY',
] as const;

/**
 * The same environment with the gateway's own secrets in it, wherever they were given by a file.
 * @throws ConfigError with every file that is missing, unreadable, empty, too large or not UTF-8.
 */
export function withSecretFiles(env: Env): Env {
  const { env: whole, faults } = readSecretFiles(env, gatewaySecrets);
  expectNone(faults);
  return whole;
}

function expectNone(faults: readonly ConfigFault[]): void {
  if (faults.length > 0) throw new ConfigError(faults);
}

/** Accounts and servers that the gateway may contact. */
const contactsOf = (read: z.output<typeof deliverySchema>) => ({
  providerOrder: Object.freeze(read.PROVIDER_ORDER),
  sandbox: read.SANDBOX,
  simulatorUrl: read.SIMULATOR_URL,
  dnsServers: read.DNS_SERVERS ?? (read.SANDBOX === true ? ('off' as const) : ('system' as const)),
});

/**
 * Reads the gateway's configuration.
 * @throws ConfigError listing every fault at once; values never appear in it.
 */
export const loadConfig = (given: Env = processEnv()): GatewayConfig => {
  const { env, faults } = readSecretFiles(given, gatewaySecrets);
  const [http, storage, door, delivery, retry, retention, hooks, contents, erasures, logging] = collectFaults(
    () => parseEnv(httpSchema, env),
    () => parseEnv(storageSchema, env),
    () => parseEnv(doorSchema, env),
    () => parseEnv(deliverySchema, env),
    () => parseEnv(retrySchema, env),
    () => parseEnv(retentionSchema, env),
    () => parseEnv(webhookSchema, env),
    () => parseEnv(contentSchema, env),
    () => parseEnv(erasureSchema, env),
    () => parseEnv(loggingSchema, env),
    () => expectNone(faults),
  );
  const webhooks = webhookConfig(hooks);
  return Object.freeze({
    http: httpOf(http),
    workerPort: http.WORKER_PORT,
    workerLanes: Object.freeze(http.WORKER_LANES),
    ...storageConfig(storage),
    door: doorLimits(door),
    apiKey: http.GATEWAY_API_KEY,
    ...contactsOf(delivery),
    pollIntervalMs: delivery.POLL_INTERVAL_MS,
    recoveryIntervalMs: delivery.RECOVERY_INTERVAL_MS,
    providerTimeoutMs: delivery.PROVIDER_TIMEOUT_MS,
    settleMs: delivery.SETTLE_MS,
    leaseMs: delivery.LEASE_MS,
    retryBaseMs: retry.RETRY_BASE_MS,
    retryMaxMs: retry.RETRY_MAX_MS,
    breakerFailures: delivery.BREAKER_FAILURES,
    sentFinalMs: delivery.SENT_FINAL_MS,
    expireMs: delivery.EXPIRE_MS,
    bounceSuppressionDays: delivery.BOUNCE_SUPPRESSION_DAYS,
    suppressionSyncIntervalMs: delivery.SUPPRESSION_SYNC_INTERVAL_MS,
    retention: Object.freeze(retention),
    webhooks,
    contents: contentConfig(contents),
    erasures: erasureConfig(erasures, webhooks),
    logLevel: logging.LOG_LEVEL,
  });
};
