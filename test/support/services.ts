import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grantToApplication, migrate } from '@gateway/database';
import { startEmbeddedPostgres } from '@gateway/platform';
import { migrateQueues } from '@gateway/queue';
import pg from 'pg';
import {
  APPLICATION_ROLE,
  asApplication,
  asRole,
  OWNER_ROLE,
} from '../../libs/testing/src/gateway/application-role.js';
import { warmCompileCache } from '../../libs/testing/src/gateway/compile-cache.js';
import { reservePort } from '../../libs/testing/src/gateway/reserved-port.js';
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

/** A superuser's URL of a running server to test on; without it, the embedded one is started. */
const GIVEN = process.env['TEST_DATABASE_URL'];

const postgres = once(
  async () => {
    const server = GIVEN === undefined ? await startOwn() : { url: GIVEN, stop: dropDatabases };
    for (const role of [OWNER_ROLE, APPLICATION_ROLE]) await asSuperuser(server.url, makeRole(role));
    await createDatabase(server.url, TEMPLATE);
    const template = withDatabase(server.url, TEMPLATE);
    const urls = { owner: asRole(template, OWNER_ROLE), application: asApplication(template) };
    await migrate(urls.owner, () => undefined);
    await migrateQueues(urls.owner);
    await grantToApplication(urls, () => undefined);
    // The first gateway of a test starts over the first database that is given out.
    await warmCompileCache(() => startAndEndGateway(server.url));
    return server;
  },
  (server) => server.stop(),
);

/** A given server may have it from an earlier run. */
const makeRole = (role: string): string => `
  DO $$ BEGIN CREATE ROLE ${role} LOGIN PASSWORD '${role}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`;

async function startAndEndGateway(url: string): Promise<void> {
  const name = `${PREFIX}_warm`;
  await createDatabase(url, name, TEMPLATE);
  const gateway = await TestGateway.start({ databaseUrl: withDatabase(url, name) });
  await Promise.all((['api', 'worker', 'simulator'] as const).map((part) => gateway.end(part, 'SIGTERM')));
  await gateway.stop();
}

async function startOwn(): Promise<{ url: string; stop: () => Promise<void> }> {
  // Nothing here has to survive a power cut.
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 600,
    // Passwords guard nothing here, and each of thousands of connections would hash its own 4096 times.
    scram_iterations: 1,
  };
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined, settings });
  return { url: server.adminUrl, stop: () => server.stop() };
}

const redis = once<TestRedis>(
  () => startRedis(folder),
  (server) => server.stop(),
);

const gateways: Readonly<Record<QueueKind, () => Promise<TestGateway>>> = {
  postgres: once(
    async () => TestGateway.start({ databaseUrl: await freshDatabase(TEMPLATE) }),
    (gateway) => gateway.stop(),
  ),
  redis: once(
    async () => TestGateway.start({ databaseUrl: await freshDatabase(TEMPLATE), redisUrl: (await redis()).url }),
    (gateway) => gateway.stop(),
  ),
};

const withDatabase = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;

/** A given server may have databases of other runs. */
const PREFIX = `test_${process.pid}`;
const TEMPLATE = `${PREFIX}_template`;
const databases: string[] = [];

/** Takes half the time of the usual strategy, which also writes every page to the log. */
const BY_FILES = 'STRATEGY file_copy';

async function createDatabase(url: string, name: string, template?: string): Promise<void> {
  databases.push(name);
  await asSuperuser(
    url,
    `CREATE DATABASE ${name} OWNER ${OWNER_ROLE}${template === undefined ? '' : ` TEMPLATE ${template} ${BY_FILES}`}`,
  );
}

async function dropDatabases(): Promise<void> {
  for (const name of databases) await asSuperuser(GIVEN ?? '', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function asSuperuser(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

let redisDatabases = 0;
let creating: Promise<unknown> = Promise.resolve();

/** One after the other: PostgreSQL copies a template only while no other session uses it. */
async function freshDatabase(template?: string): Promise<string> {
  const { url } = await postgres();
  const created = creating.then(async () => {
    const name = `${PREFIX}_${databases.length}`;
    await createDatabase(url, name, template);
    return withDatabase(url, name);
  });
  creating = created.catch(() => undefined);
  return created;
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
  '/databases/migrated': async () => ({ url: await freshDatabase(TEMPLATE) }),
  '/databases/empty': async () => ({ url: await freshDatabase() }),
  '/redis/shared': sharedRedis,
  '/redis/own': ownRedis,
  '/gateways/postgres': async () => (await gateways.postgres()).address,
  '/gateways/redis': async () => (await gateways.redis()).address,
};

const server = createServer((request, response) => {
  // A connection kept open is closed when it was idle for long, on a busy machine just as the next request arrives.
  response.shouldKeepAlive = false;
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

const port = await reservePort();
server.listen(port, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${port}` }));
process.on('message', (text) => void (text === 'stop' && stop().then(() => process.exit(0))));
process.on('disconnect', () => void stop().then(() => process.exit(0)));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
