import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@gateway/platform';
import { migrateQueues } from '@gateway/queue';
import { grantToApplication, migrate } from '@gateway/database';
import { redisCommand, startRedis, type TestRedis } from '../../libs/testing/src/gateway/redis-server.js';
import { GatewayClient } from '../../libs/testing/src/gateway/gateway-client.js';
import { SimulatorClient } from '../../libs/testing/src/gateway/simulator-client.js';
import { TestGateway, type Part, type QueueKind } from '../../libs/testing/src/gateway/test-gateway.js';
import { definitions } from '@gateway/providers';

/** Short, so that a run has many cases; the proportions are those of production. */
export const PERIODS = { SETTLE_MS: '1500', PROVIDER_TIMEOUT_MS: '3000', LEASE_MS: '1000' } as const;

/** A gateway with a PostgreSQL, and a Redis if its queue is there, all of which can be ended and started at will. */
export class World {
  readonly queue: QueueKind;
  readonly breakerFailures: string;
  readonly client: GatewayClient;
  readonly simulator: SimulatorClient;
  private readonly parts: WorldParts;

  private constructor(queue: QueueKind, breakerFailures: string, parts: WorldParts) {
    this.queue = queue;
    this.breakerFailures = breakerFailures;
    this.parts = parts;
    const { address } = parts.gateway;
    this.client = new GatewayClient(address, address.apiKey);
    this.simulator = new SimulatorClient(address);
  }

  static async open(queue: QueueKind, breakerFailures: string): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-faults-'));
    const postgres = await startPostgres(folder);
    const redis = queue === 'redis' ? await startRedis(folder) : undefined;
    await prepare(postgres);
    const gateway = await TestGateway.start({
      databaseUrl: postgres.adminUrl,
      applicationUrl: postgres.applicationUrl,
      redisUrl: redis?.url,
      env: { ...PERIODS, BREAKER_FAILURES: breakerFailures, ACCOUNTS: definitions.map(({ kind }) => kind).join() },
    });
    return new World(queue, breakerFailures, { folder, postgres, redis, gateway });
  }

  get doctorEnv(): Readonly<Record<string, string>> {
    const { applicationUrl, redisUrl } = this.parts.gateway.address;
    return { DATABASE_URL: applicationUrl, ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) };
  }

  end(part: Part, signal: NodeJS.Signals): Promise<string> {
    return this.parts.gateway.end(part, signal);
  }

  /** Parts that ended by themselves. */
  get lost(): readonly Part[] {
    return (['simulator', 'api', 'worker'] as const).filter((part) => !this.parts.gateway.isRunning(part));
  }

  async start(...parts: readonly Part[]): Promise<void> {
    await Promise.all(parts.map((part) => this.parts.gateway.start(part)));
  }

  /** Ends PostgreSQL, in order or by `kill -9` of its first process, and starts it on the same data and port. */
  async restartPostgres(how: 'fast' | 'kill', awayMs: number): Promise<void> {
    const { postgres, folder } = this.parts;
    if (how === 'kill') {
      process.kill(postgres.pid, 'SIGKILL');
      await postgres.ended;
    }
    await postgres.stop();
    await pause(awayMs);
    this.parts.postgres = await startPostgres(folder);
    if (this.parts.postgres.url !== postgres.url) throw new Error('PostgreSQL came back on another port');
  }

  async restartRedis(awayMs: number): Promise<void> {
    const { redis, folder } = this.parts;
    await redis?.stop();
    await pause(awayMs);
    this.parts.redis = await startRedis(folder, this.redisPort);
  }

  async flushRedis(): Promise<void> {
    await redisCommand(this.redisPort, 'FLUSHALL');
  }

  private get redisPort(): number {
    return Number(new URL(this.parts.redis?.url ?? '').port);
  }

  async close(): Promise<void> {
    const { gateway, redis, postgres, folder } = this.parts;
    await gateway.stop();
    await redis?.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface WorldParts {
  readonly folder: string;
  readonly gateway: TestGateway;
  postgres: EmbeddedPostgres;
  redis: TestRedis | undefined;
}

/** Its processes are killed, the machine is not: without fsync nothing that they wrote is lost. */
const startPostgres = (folder: string): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    log: () => undefined,
    settings: { fsync: 'off', max_connections: 200 },
  });

async function prepare({ url: owner, applicationUrl: application }: EmbeddedPostgres): Promise<void> {
  await migrate(owner, () => undefined);
  await migrateQueues(owner);
  await grantToApplication({ owner, application }, () => undefined);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
