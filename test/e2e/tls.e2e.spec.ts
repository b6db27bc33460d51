import { chmodSync, chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@gateway/platform';
import { openQueueBackend } from '@gateway/queue';
import {
  actorsAt,
  aMessage,
  queueKinds,
  redisCommand,
  reservePort,
  startRedis,
  TestGateway,
  type TestRedis,
} from '@gateway/testing';
import pg from 'pg';
import { runProgram, type Run } from '../support/program.js';
import { certify, hasOpenssl, makeAuthority, type Certificate } from '../support/certificates.js';

jest.setTimeout(120_000);

const HOST = 'localhost';
const OTHER_NAME = '127.0.0.1';
const BATCH = '01a1fb62-27c1-7dfd-9ba8-732a7f96124d';
const MIGRATE = 'migrate';

let folder: string;
let authority: Certificate;
let stranger: Certificate;
let server: Certificate;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-tls-'));
  authority = makeAuthority(folder, 'authority');
  stranger = makeAuthority(folder, 'stranger');
  // For the name only: the address of the same server is not in it.
  server = certify(folder, authority, HOST);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = { databaseUrl: '', connections: 1, onError: () => undefined };

/** @returns `connected`, or why not. */
async function connectRedis(nodes: readonly string[], ca?: Certificate): Promise<string> {
  let failed: (error: Error) => void = () => undefined;
  const failure = new Promise<string>((done) => (failed = ({ message }) => done(message)));
  const redisCa = ca && readFileSync(ca.cert, 'utf8');
  const backend = await openQueueBackend({
    ...settings,
    redisNodes: nodes,
    redisCa,
    onError: (error) => failed(error),
  });
  const connected = backend.ping().then(
    () => 'connected',
    (error: Error) => failure.then((first) => first || error.message),
  );
  try {
    return await Promise.race([connected, failure]);
  } finally {
    await backend.close();
  }
}

(hasOpenssl() ? describe : describe.skip)('PostgreSQL with sslmode=verify-full and an authority of its own', () => {
  let postgres: EmbeddedPostgres;

  beforeAll(async () => {
    const dataDir = join(folder, 'data');
    chmodSync(folder, 0o755);
    postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    const cluster = join(dataDir, 'postgres');
    const { uid, gid } = statSync(cluster);
    for (const [from, name] of [
      [server.cert, 'server.crt'],
      [server.key, 'server.key'],
    ] as const) {
      const file = join(cluster, name);
      copyFileSync(from, file);
      chmodSync(file, 0o600);
      chownSync(file, uid, gid);
    }
    const admin = new pg.Client({ connectionString: postgres.adminUrl });
    await admin.connect();
    await admin.query('ALTER SYSTEM SET ssl = on');
    await admin.query('SELECT pg_reload_conf()');
    await admin.end();
  });
  afterAll(() => postgres.stop());

  const verified = (url: string, ca: Certificate, host = HOST): string => {
    const secure = new URL(url);
    secure.hostname = host;
    secure.search = String(new URLSearchParams({ sslmode: 'verify-full', sslrootcert: ca.cert }));
    return secure.href;
  };

  const run = (program: string, ca: Certificate, host = HOST): Promise<Run> =>
    runProgram(program, {
      SANDBOX: 'false',
      DATABASE_URL: verified(postgres.applicationUrl, ca, host),
      DATABASE_MIGRATION_URL: verified(postgres.url, ca, host),
    });

  it.each([MIGRATE, 'api', 'worker'])(
    'is refused by %s when another authority signed its certificate, or it is for another host',
    async (program) => {
      const [forged, misnamed] = await Promise.all([run(program, stranger), run(program, authority, OTHER_NAME)]);
      expect(forged).toMatchObject({ code: 1, said: expect.stringMatching(/certificate/i) });
      expect(misnamed).toMatchObject({ code: 1, said: expect.stringMatching(/altnames/i) });
    },
  );

  it('carries migrations, api, worker and the queue, all of it encrypted', async () => {
    expect(await run(MIGRATE, authority)).toMatchObject({ code: 0 });
    const running = await TestGateway.start({
      databaseUrl: postgres.adminUrl,
      applicationUrl: verified(postgres.applicationUrl, authority),
    });
    const admin = new pg.Client({ connectionString: postgres.adminUrl });
    try {
      await actorsAt(running.address).gateway.deliver(aMessage().through('ncp'));
      await admin.connect();
      const { rows } = await admin.query(
        `SELECT DISTINCT application_name AS name, ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
         WHERE usename = $1 ORDER BY name`,
        [new URL(postgres.applicationUrl).username],
      );
      expect(rows.map(({ name }) => name)).toContain('gateway-queue');
      expect(rows.filter(({ ssl }) => ssl !== true)).toEqual([]);
    } finally {
      await admin.end();
      await running.stop();
    }
  });
});

// Without redis-server only the queue on PostgreSQL is tested.
(hasOpenssl() && queueKinds().includes('redis') ? describe : describe.skip)(
  'rediss:// with an authority of its own',
  () => {
    let plain: TestRedis;
    let port: number;
    const PASSWORD = 'of-a-test/1';

    /** A cluster of one node, which a single connection may use as well. */
    beforeAll(async () => {
      const plainPort = await reservePort();
      port = await reservePort();
      const tls = ['--tls-port', String(port), '--tls-cert-file', server.cert, '--tls-key-file', server.key];
      const others = ['--tls-ca-cert-file', authority.cert, '--tls-auth-clients', 'no', '--tls-cluster', 'yes'];
      const cluster = ['--cluster-enabled', 'yes', '--cluster-announce-hostname', HOST];
      const bus = ['--cluster-port', String(await reservePort()), '--cluster-preferred-endpoint-type', 'hostname'];
      plain = await startRedis(folder, plainPort, [...tls, ...others, ...cluster, ...bus]);
      await redisCommand(plainPort, 'CLUSTER ADDSLOTSRANGE 0 16383');
      while (!(await redisCommand(plainPort, 'CLUSTER INFO')).includes('cluster_state:ok'));
      await redisCommand(plainPort, `CONFIG SET requirepass ${PASSWORD}`);
    });
    afterAll(() => plain.stop());

    const node = (host = HOST): string => `rediss://:${encodeURIComponent(PASSWORD)}@${host}:${port}`;

    /** Workers have connections of their own. @returns the job as it arrives. */
    async function passJob(redisNodes: readonly string[]): Promise<unknown> {
      const redisCa = readFileSync(authority.cert, 'utf8');
      const backend = await openQueueBackend({ ...settings, redisNodes, redisCa });
      const name = `tls-${redisNodes.length}`;
      const queue = backend.queue(name);
      const arrived = Promise.withResolvers<unknown>();
      const limits = { concurrency: 1, lockMs: 30_000, onFailed: arrived.reject };
      const worker = backend.worker(name, async ({ data }) => arrived.resolve(data), limits);
      void worker.run().catch(arrived.reject);
      try {
        await queue.add('batch', { batchIds: [BATCH] }, { delay: 0 });
        return await arrived.promise;
      } finally {
        await worker.close();
        await queue.close();
        await backend.close();
      }
    }

    it.each([
      ['one node', 1],
      ['a Cluster', 2],
    ])('%s: only with its authority, and under the name in its certificate', async (_, times) => {
      const nodes = (host?: string): readonly string[] => Array.from({ length: times }, () => node(host));
      expect(await connectRedis(nodes(), authority)).toBe('connected');
      expect(await passJob(nodes())).toEqual({ batchIds: [BATCH] });
      for (const refused of [
        connectRedis(nodes(), stranger),
        connectRedis(nodes()),
        connectRedis(nodes(OTHER_NAME), authority),
      ])
        expect(await refused).not.toBe('connected');
    });
  },
);
