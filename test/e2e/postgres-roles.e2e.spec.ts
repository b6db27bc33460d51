import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { actorsAt, aMessage, emptyDatabase, TestGateway, unique, type Actors } from '@gateway/testing';
import pg from 'pg';
import { runAsOperator, runProgram as run } from '../support/program.js';

// Each test starts several processes.
jest.setTimeout(240_000);

const MIGRATE = 'migrate';

describe('a PostgreSQL with one role for migrations and another for the application', () => {
  const [owner, application] = [unique('owner_').replaceAll('-', '_'), unique('app_').replaceAll('-', '_')];
  let admin: pg.Pool;
  let asApplication: pg.Pool;
  let env: { readonly DATABASE_URL: string; readonly DATABASE_MIGRATION_URL: string };
  let running: TestGateway | undefined;
  let actors: Actors;

  beforeAll(async () => {
    const databaseUrl = await emptyDatabase();
    const by = (role: string): string => Object.assign(new URL(databaseUrl), { username: role, password: 'x' }).href;
    env = { DATABASE_URL: by(application), DATABASE_MIGRATION_URL: by(owner) };
    admin = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    asApplication = new pg.Pool({ connectionString: env.DATABASE_URL, max: 1 });
    for (const role of [owner, application]) await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    const name = new URL(databaseUrl).pathname.slice(1);
    await admin.query(`ALTER DATABASE ${name} OWNER TO ${owner}`);
    // As strict as a careful administrator: no role has a right that was not granted.
    await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC`);
    await admin.query(`GRANT CONNECT ON DATABASE ${name} TO ${application}`);
  });
  afterAll(async () => {
    await running?.stop();
    await asApplication.end();
    await admin.end();
  });

  it('an api says in one line that migrations come first', async () => {
    const { DATABASE_URL } = env;
    expect(
      await run('api', { DATABASE_URL, GATEWAY_API_KEY: 'gk_of_a_test_0123456789abcdef0123456789', SANDBOX: 'false' }),
    ).toEqual({
      code: 1,
      said: expect.stringMatching(/^The database has no tables of a gateway: run "npm run migrate" first\..*\n$/),
    });
  });

  it('migrations run as the owner, twice at once, and give the application what it needs', async () => {
    const runs = await Promise.all([run(MIGRATE, env), run(MIGRATE, env)]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    const said = runs.map((one) => one.said).join('');
    expect(said).toContain(`granted ${application} what the application needs`);
    expect(said.match(/applied migration \d+_initial/g)).toHaveLength(1);
    expect(await runAsOperator('standalone/src/migrate.js', env)).toMatchObject({
      code: 0,
      said: expect.stringContaining('up to date'),
    });
  });

  it('mail is sent, followed, erased and examined by the application alone', async () => {
    const databaseUrl = Object.assign(new URL(env.DATABASE_MIGRATION_URL)).href;
    running = await TestGateway.start({ databaseUrl, applicationUrl: env.DATABASE_URL });
    actors = actorsAt(running.address);
    const sent = await actors.gateway.deliver(aMessage().through('ncp'));
    expect(sent).toMatchObject({ status: 'completed' });
    const lines = [{ from: 'no-reply@mail.example.com', subject: 's', text: 't' }, { address: 'kim@example.com' }];
    const streamed = await fetch(`${running.address.apiUrl}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.address.apiKey}`, 'content-type': 'application/x-ndjson' },
      body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    });
    expect(streamed.status).toBe(202);
    await actors.gateway.waitUntilFinal(((await streamed.json()) as { id: string }).id);

    // A month of long ago, made by the upkeep of that time.
    await admin.query(`SET ROLE ${owner};
      CREATE TABLE recipient_2020_01 PARTITION OF recipient
      FOR VALUES FROM ('016f5e66-e800-0000-0000-000000000000') TO ('016ffe0e-6800-0000-0000-000000000000'); RESET ROLE`);
    await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON recipient_2020_01 TO ${application}`);
    const { DATABASE_URL } = env;
    expect(await run('retention', { DATABASE_URL, RETENTION_DAYS_TRANSACTIONAL: '30' })).toMatchObject({
      code: 0,
    });
    const { rows } = await admin.query(`SELECT to_regclass('recipient_2020_01') AS month`);
    expect(rows).toEqual([{ month: null }]);
    expect(await run('doctor', { DATABASE_URL })).toMatchObject({ code: 0 });
  });

  it('a month that the application makes has the privileges of the others', async () => {
    const { rows } = await asApplication.query(`SELECT ensure_partitions(7) AS made`);
    expect(rows).toEqual([{ made: 10 }]);
    const { rows: lacking } = await asApplication.query(
      `SELECT relname FROM pg_class WHERE relname ~ '^(recipient|event)_[0-9d]' AND relkind = 'r'
         AND NOT (has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'DELETE'))`,
    );
    expect(lacking).toEqual([]);
  });

  it.each([
    ['CREATE TABLE mine (n int)'],
    ['CREATE SCHEMA mine'],
    ['DROP TABLE recipient_default'],
    ['TRUNCATE message'],
    ['ALTER TABLE message ADD COLUMN mine int'],
    ['UPDATE _prisma_migrations SET finished_at = NULL'],
    [`COPY message TO PROGRAM 'cat'`],
    ['CREATE ROLE mine'],
    ['CREATE DATABASE mine'],
  ])('the application may not: %s', async (statement) => {
    await expect(asApplication.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it.each(['message', 'recipient_default', 'event_2099_01', 'recipient_2020_01; DROP TABLE message'])(
    'the application may not drop %s as a month that is over',
    async (name) => {
      await expect(asApplication.query('SELECT drop_partition($1)', [name])).rejects.toThrow('is not a month');
    },
  );

  it('a table of its own does not mislead what runs as the owner', async () => {
    const client = await asApplication.connect();
    try {
      await client.query(
        'CREATE TEMP TABLE recipient (n int); CREATE TEMP TABLE pg_inherits (inhrelid oid, inhparent oid)',
      );
      await expect(client.query('SELECT ensure_partitions(2)')).resolves.toMatchObject({ rows: [expect.anything()] });
    } finally {
      client.release(true);
    }
  });

  it('an api says in one line which grant is missing', async () => {
    await admin.query(`REVOKE INSERT ON message FROM ${application}`);
    const { DATABASE_URL } = env;
    expect(
      await run('api', { DATABASE_URL, GATEWAY_API_KEY: 'gk_of_a_test_0123456789abcdef0123456789', SANDBOX: 'false' }),
    ).toEqual({
      code: 1,
      said: expect.stringMatching(
        new RegExp(`^The role ${application} lacks privileges: INSERT ON TABLE message\\. Run "npm run migrate".*\\n$`),
      ),
    });
    await run(MIGRATE, env);
    expect((await asApplication.query(`SELECT has_table_privilege('message', 'INSERT') AS it`)).rows).toEqual([
      { it: true },
    ]);
  });
});
