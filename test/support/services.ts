import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@gateway/database';
import { findFreePort, startEmbeddedPostgres } from '@gateway/platform';
import pg from 'pg';
import { startRedis, type TestRedis } from '../../libs/testing/src/gateway/redis-server.js';
import { TestGateway, type QueueKind } from '../../libs/testing/src/gateway/test-gateway.js';

// A process of its own, so that it can end everything it started when the test run is gone, however that ended.

const folder = mkdtempSync(join(tmpdir(), 'gateway-tests-'));
const cleanups: (() => Promise<void>)[] = [];
let stopping: Promise<void> | undefined;

/** Starts a thing at its first use, and ends it with this process. */
function once<T>(start: () => Promise<T>, stop: (thing: T) => Promise<void>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    if (stopping !== undefined) throw new Error('the services are stopping');
    if (started !== undefined) return started;
    const thing = start();
    started = thing;
    cleanups.unshift(() => thing.then(stop, () => undefined));
    return thing;
  };
}

const postgres = once(
  async () => {
    // Nothing here has to survive a power cut.
    const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 600 };
    const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined, settings });
    await createDatabase(server.url, 'gateway_template');
    await migrate(withDatabase(server.url, 'gateway_template'), () => undefined);
    return server;
  },
  (server) => server.stop(),
);

const redis = once<TestRedis>(
  () => startRedis(folder),
  (server) => server.stop(),
);

const gateways: Readonly<Record<QueueKind, () => Promise<TestGateway>>> = {
  postgres: once(
    async () => TestGateway.start({ databaseUrl: await freshDatabase('gateway_template') }),
    (gateway) => gateway.stop(),
  ),
  redis: once(
    async () =>
      TestGateway.start({ databaseUrl: await freshDatabase('gateway_template'), redisUrl: (await redis()).url }),
    (gateway) => gateway.stop(),
  ),
};

const withDatabase = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;

async function createDatabase(url: string, name: string, template?: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(url, 'gateway') });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}${template === undefined ? '' : ` TEMPLATE ${template}`}`);
  } finally {
    await client.end();
  }
}

let databases = 0;
let redisDatabases = 0;
let creating: Promise<unknown> = Promise.resolve();

/** One after the other: PostgreSQL copies a template only while nobody else looks at it. */
async function freshDatabase(template?: string): Promise<string> {
  const { url } = await postgres();
  databases += 1;
  const name = `test_${databases}`;
  const created = creating.then(() => createDatabase(url, name, template));
  creating = created.catch(() => undefined);
  await created;
  return withDatabase(url, name);
}

async function ownRedis(): Promise<{ url: string }> {
  const server = await startRedis(mkdtempSync(join(folder, 'redis-')));
  cleanups.unshift(() => server.stop());
  return { url: server.url };
}

async function sharedRedis(): Promise<{ url: string }> {
  redisDatabases += 1;
  return { url: `${(await redis()).url}/${redisDatabases}` };
}

const routes: Readonly<Record<string, () => Promise<unknown>>> = {
  '/databases/migrated': async () => ({ url: await freshDatabase('gateway_template') }),
  '/databases/empty': async () => ({ url: await freshDatabase() }),
  '/redis/shared': sharedRedis,
  '/redis/own': ownRedis,
  '/gateways/postgres': async () => (await gateways.postgres()).address,
  '/gateways/redis': async () => (await gateways.redis()).address,
};

const server = createServer((request, response) => {
  const route = routes[request.url ?? ''];
  const work = route === undefined ? Promise.reject(new Error('no such service')) : route();
  work.then(
    (value) => response.end(JSON.stringify(value)),
    (error: unknown) => response.writeHead(500).end(String((error as Error).stack ?? error)),
  );
});

function stop(): Promise<void> {
  stopping ??= (async () => {
    server.close();
    for (const cleanup of cleanups) await cleanup().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  })();
  return stopping;
}

const port = await findFreePort();
server.listen(port, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${port}` }));
process.on('message', (text) => void (text === 'stop' && stop().then(() => process.exit(0))));
process.on('disconnect', () => void stop().then(() => process.exit(0)));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
