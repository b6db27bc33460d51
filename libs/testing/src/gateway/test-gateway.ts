import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Env } from '@gateway/platform';
import { sandboxVariables } from '@gateway/providers';
import { asApplication } from './application-role.js';
import { answers, Child, type Heard } from './child.js';
import { compileCache, TEST_FLAGS } from './compile-cache.js';
import { reservePort } from './reserved-port.js';

export type QueueKind = 'postgres' | 'redis';

/** Where a gateway under test is. Plain data: it crosses processes. */
export interface GatewayAddress {
  readonly queue: QueueKind;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly simulatorUrl: string;
  /** As a superuser: tests may read and change everything. */
  readonly databaseUrl: string;
  /** As the role of the gateway's processes. */
  readonly applicationUrl: string;
  readonly redisUrl?: string | undefined;
  /** Folder of the processes' logs. */
  readonly logs: string;
}

export interface GatewayOptions {
  readonly databaseUrl: string;
  /** Default: the ordinary role that the databases of test/support have. */
  readonly applicationUrl?: string;
  readonly redisUrl?: string | undefined;
  /** Over `quickTimings`. The value `simulated` stands for what the simulator says of an account. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Everything that waits in production waits a moment here. Not less: a gateway at rest looks for work all the time, and
 * several of them run beside the one that is tested.
 */
const quickTimings: Readonly<Record<string, string>> = {
  POLL_INTERVAL_MS: '200',
  RECOVERY_INTERVAL_MS: '2000',
  RETRY_BASE_MS: '50',
  RETRY_MAX_MS: '1000',
  SETTLE_MS: '1500',
  LEASE_MS: '1000',
  PROVIDER_TIMEOUT_MS: '2000',
  LOG_LEVEL: 'warn',
  // Scenarios share magic addresses; what a bounce suppresses has a gateway of its own.
  BOUNCE_SUPPRESSION_DAYS: '0',
  // Nor must the faults of one hold up the mails of another.
  BREAKER_FAILURES: '1000000',
  SUPPRESSION_SYNC_INTERVAL_MS: '0',
  WEBHOOK_MASTER_KEY: 'of-a-test-gateway-0123456789abcdefghijklmnopqr',
  WEBHOOK_RETRY_DELAYS: Array.from({ length: 9 }, () => '200ms').join(),
};

const SIMULATED = 'simulated';

export type Part = 'simulator' | 'api' | 'worker' | 'other-worker';

/** Which program a part runs. */
const programOf = (part: Part): string => (part === 'other-worker' ? 'worker' : part);

/** Made by scripts/bundle.mjs. */
const bundles = resolve('dist/bundles');

/** The built api, worker and simulator, each a process, over a database of their own. */
export class TestGateway {
  readonly address: GatewayAddress;
  private readonly given: Env;
  private accounts: Env = {};
  private readonly parts = new Map<Part, Child>();

  private constructor(address: GatewayAddress, given: Env) {
    this.address = address;
    this.given = given;
  }

  static async start(options: GatewayOptions): Promise<TestGateway> {
    const [apiPort, simulatorPort] = [await reservePort(), await reservePort()];
    const address: GatewayAddress = {
      queue: options.redisUrl === undefined ? 'postgres' : 'redis',
      apiUrl: `http://127.0.0.1:${apiPort}`,
      // Its own: no other gateway takes it.
      // Two gateways over one database need the same first key: a new one replaces the one before it.
      apiKey: options.env?.['GATEWAY_API_KEY'] ?? `gk_of_a_test_${randomBytes(16).toString('hex')}`,
      simulatorUrl: `http://127.0.0.1:${simulatorPort}`,
      databaseUrl: options.databaseUrl,
      applicationUrl: options.applicationUrl ?? asApplication(options.databaseUrl),
      redisUrl: options.redisUrl,
      logs: mkdtempSync(join(tmpdir(), 'gateway-e2e-')),
    };
    const asked = options.env ?? {};
    const given = Object.entries(asked).filter(([, value]) => value !== SIMULATED);
    const gateway = new TestGateway(address, Object.fromEntries(given));
    await gateway.start('simulator');
    gateway.accounts = await accountsOf(address, asked);
    await Promise.all([gateway.start('api'), gateway.start('worker')]);
    return gateway;
  }

  /** Starts one part; resolves when it works. @param more for this part, over what all have. */
  async start(part: Part, more: Readonly<Record<string, string>> = {}): Promise<Child> {
    const child = new Child({
      name: part,
      command: process.execPath,
      args: [...TEST_FLAGS, join(bundles, `${programOf(part)}.mjs`)],
      env: { ...environment(this.address), ...this.accounts, ...this.given, ...more },
      logFile: join(this.address.logs, `${part}.log`),
    });
    this.parts.set(part, child);
    if (part === 'api') await child.untilUp(() => this.apiIsUp());
    if (part === 'simulator') await child.untilUp(() => answers(`${this.address.simulatorUrl}/control/health`));
    return child;
  }

  /** Ready, and ours: it knows the key of this gateway. */
  private async apiIsUp(): Promise<Heard> {
    const { apiUrl, apiKey } = this.address;
    const ready = await answers(`${apiUrl}/health/ready`);
    return ready === 'up' ? answers(`${apiUrl}/v1/providers`, `Bearer ${apiKey}`) : ready;
  }

  /** Ends one part by a signal. @returns its exit code or signal. */
  async end(part: Part, signal: NodeJS.Signals = 'SIGKILL'): Promise<string> {
    return (await this.parts.get(part)?.end(signal)) ?? 'not started';
  }

  /** Of a part that was started. */
  pidOf(part: Part): number {
    return this.parts.get(part)?.pid ?? 0;
  }

  /** Has a part ended, for any reason? */
  isRunning(part: Part): boolean {
    return this.parts.get(part)?.running === true;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.parts.values()].map((child) => child.end('SIGKILL')));
    if (process.env['KEEP_LOGS'] === undefined) rmSync(this.address.logs, { recursive: true, force: true });
  }
}

/** The accounts that the simulator stands in for, as the launcher learns them: the usual ones, or those of `ACCOUNTS`. */
async function accountsOf({ simulatorUrl }: GatewayAddress, given: Env): Promise<Env> {
  const answer = await fetch(`${simulatorUrl}/control/accounts${given['ACCOUNTS'] === undefined ? '' : '?kinds=all'}`);
  return sandboxVariables(given, (await answer.json()) as Env);
}

function environment(address: GatewayAddress): Env {
  const { PATH, HOME, TZ } = process.env;
  return {
    PATH,
    HOME,
    TZ,
    ...compileCache,
    ...quickTimings,
    DATABASE_URL: address.applicationUrl,
    REDIS_URL: address.redisUrl,
    PORT: new URL(address.apiUrl).port,
    GATEWAY_API_KEY: address.apiKey,
    SIMULATOR_PORT: new URL(address.simulatorUrl).port,
    SANDBOX: 'true',
    SIMULATOR_URL: address.simulatorUrl,
  };
}
