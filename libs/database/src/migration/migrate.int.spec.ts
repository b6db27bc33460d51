import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asApplication, asRole, emptyDatabase, freshDatabase, OWNER_ROLE } from '@gateway/testing';
import { Client } from 'pg';
import { openDatabase } from '../database.js';
import { pendingMigrations } from './applied-migrations.js';
import { grantToApplication } from './grants.js';
import { migrate } from './migrate.js';
import { advisoryLocks } from '../advisory-locks.js';
import { migrationNames, migrationsFolder, readMigrations } from './migration-files.js';
import { withSchemaEngine } from './schema-engine.js';

const silent = (): void => undefined;

async function connected<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

describe(migrate.name, () => {
  it('applies every migration once, however many start at the same time, and nothing the second time', async () => {
    const url = await emptyDatabase();
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(url, silent)));
    const applied = results.flatMap((result) => result.applied);
    expect(applied.length).toBeGreaterThan(0);
    expect(new Set(applied).size).toBe(applied.length);
    expect(results.filter((result) => result.applied.length > 0).length).toBe(1);
    expect(await migrate(url, silent)).toEqual({ applied: [] });
    await connected(url, async (client) => {
      expect(await pendingMigrations((sql) => client.query<{ name: string }>(sql))).toEqual([]);
    });
  });

  it('refuses a database of another history, and changes nothing', async () => {
    const url = await freshDatabase();
    await connected(url, async (client) => {
      await client.query(`UPDATE _prisma_migrations SET migration_name = '20201231000000_from_before'`);
      await client.query('DROP TABLE recipient_default');
    });
    await expect(migrate(url, silent)).rejects.toThrow(
      /^The database has migrations that this version does not know \(20201231000000_from_before\).*empty database/,
    );
    await connected(url, async (client) => {
      const { rows } = await client.query(`SELECT to_regclass('recipient_default') AS it`);
      expect(rows).toEqual([{ it: null }]);
    });
  });

  it('names the migration that failed with the words of the server, and works once the cause is mended', async () => {
    const url = await emptyDatabase();
    await connected(url, (client) => client.query(`CREATE TYPE recipient_type AS ENUM ('mine')`));
    const [first = ''] = await migrationNames();
    for (let n = 0; n < 2; n += 1) {
      await expect(migrate(url, silent)).rejects.toThrow(
        `The migration ${first} failed: type "recipient_type" already exists. Nothing of it was kept. Mend the cause and ` +
          'run the migrations again.',
      );
    }
    await connected(url, async (client) => {
      const { rows } = await client.query(`SELECT to_regclass('client') AS client`);
      expect(rows).toEqual([{ client: null }]);
      await client.query('DROP TYPE recipient_type');
    });
    expect((await migrate(url, silent)).applied).toEqual(await migrationNames());
  });

  it('keeps each migration in one transaction, which a second try relies on', async () => {
    const { migrationDirectories } = await readMigrations();
    for (const { path, migrationFile } of migrationDirectories) {
      const statements = migrationFile.content.value.replaceAll(/^\s*--.*$|\$\$[\s\S]*?\$\$/gm, '');
      expect([path, /\b(BEGIN|COMMIT|ROLLBACK|CONCURRENTLY|VACUUM)\b/i.exec(statements)?.[0]]).toEqual([
        path,
        undefined,
      ]);
    }
  });

  it('says which grant is missing when the role may not make tables', async () => {
    const url = await emptyDatabase();
    await expect(migrate(asApplication(url), silent)).rejects.toThrow(
      /^The role gateway_test_app may not create tables in the schema public\. .*GRANT USAGE, CREATE ON SCHEMA public TO/,
    );
  });

  it('is not cut short by time limits of its role', async () => {
    const url = await emptyDatabase();
    const options = encodeURIComponent('-c statement_timeout=1000 -c lock_timeout=1000');
    const limited = Object.assign(new URL(url), { search: `options=${options}` }).href;
    await connected(url, async (client) => {
      await client.query('SELECT pg_advisory_lock($1)', [advisoryLocks.migration]);
      const migrating = migrate(limited, silent);
      await sleep(2000);
      await client.query('SELECT pg_advisory_unlock($1)', [advisoryLocks.migration]);
      expect((await migrating).applied).toEqual(await migrationNames());
    });
  });

  it('makes its tables in the first schema of the search path', async () => {
    const url = await emptyDatabase();
    await connected(url, async (client) => {
      await client.query(`CREATE SCHEMA mail AUTHORIZATION ${OWNER_ROLE}`);
      await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET search_path = mail`);
    });
    await migrate(asRole(url, OWNER_ROLE), silent);
    await grantToApplication({ owner: asRole(url, OWNER_ROLE), application: asApplication(url) }, silent);
    expect(await migrate(asRole(url, OWNER_ROLE), silent)).toEqual({ applied: [] });
    const options = { connections: 1, applicationName: 'test', onError: silent };
    const database = await openDatabase({ ...options, url: asApplication(url) });
    try {
      expect(await database.prisma.message.count()).toBe(0);
      await database.pool.query('SELECT ensure_partitions(5)');
      const { rows } = await database.pool.query(
        `SELECT DISTINCT schemaname AS name FROM pg_tables WHERE tablename ~ '^(recipient|_prisma)'`,
      );
      expect(rows).toEqual([{ name: 'mail' }]);
    } finally {
      await database.close();
    }
  });

  it('says which migrations a database lacks', async () => {
    await connected(await freshDatabase(), async (client) => {
      const { rows } = await client.query<{ name: string }>(
        'DELETE FROM _prisma_migrations RETURNING migration_name AS name',
      );
      const pending = await pendingMigrations((sql) => client.query<{ name: string }>(sql));
      expect(pending).toEqual(rows.map(({ name }) => name).sort());
    });
  });

  it('makes the partitions of this month and the next two, and keeps what belongs to none of them', async () => {
    await connected(await freshDatabase(), async (client) => {
      const now = new Date();
      const months = [0, 1, 2].map((ahead) => {
        const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
        return month.toISOString().slice(0, 7).replace('-', '_');
      });
      const { rows } = await client.query<{ name: string }>(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits
         WHERE inhparent IN ('recipient'::regclass, 'event'::regclass) AND inhrelid::regclass::text !~ '_default$'`,
      );
      const wanted = ['event', 'recipient'].flatMap((table) => months.map((month) => `${table}_${month}`));
      expect(rows.map(({ name }) => name).sort()).toEqual(wanted.sort());
      const { rows: made } = await client.query('SELECT ensure_partitions(2) AS n');
      expect(made).toEqual([{ n: 0 }]);
      const { rows: later } = await client.query('SELECT ensure_partitions(4) AS n');
      expect(later).toEqual([{ n: 4 }]);
    });
  });

  it('puts a row into the month of its id, an odd one into the default partition', async () => {
    await connected(await freshDatabase(), async (client) => {
      const place = async (id: string): Promise<string> => {
        const { rows } = await client.query<{ place: string }>(
          `INSERT INTO recipient (message_id, position, address, type) VALUES ($1, 0, 'a@example.com', 'to')
           RETURNING tableoid::regclass::text AS place`,
          [id],
        );
        return rows[0]?.place ?? '';
      };
      const uuid7 = (at: number): string =>
        `${at
          .toString(16)
          .padStart(12, '0')
          .replace(/^(.{8})/, '$1-')}-7000-8000-000000000001`;
      const month = new Date().toISOString().slice(0, 7).replace('-', '_');
      expect(await place(uuid7(Date.now()))).toBe(`recipient_${month}`);
      expect(await place(uuid7(Date.UTC(2020, 1, 1)))).toBe('recipient_default');
      expect(await place('ffffffff-ffff-7fff-bfff-ffffffffffff')).toBe('recipient_default');
    });
  });
});

/** Properties of a table that Prisma and SQL can express. Partitions, partial and expression indexes need SQL. */
const PICTURE = {
  columns: `
    SELECT c.table_name || '.' || c.column_name || ' ' || c.udt_name || ' ' || coalesce(c.datetime_precision::text, '')
      || CASE WHEN c.data_type = 'ARRAY' THEN '' ELSE ' null:' || c.is_nullable END AS line
    FROM information_schema.columns c
    JOIN pg_class t ON t.relname = c.table_name AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition
    WHERE c.table_schema = 'public' AND c.table_name <> '_prisma_migrations'`,
  defaults: `
    SELECT c.table_name || '.' || c.column_name || ' ' || c.column_default AS line
    FROM information_schema.columns c
    JOIN pg_class t ON t.relname = c.table_name AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition
    WHERE c.table_schema = 'public' AND c.table_name <> '_prisma_migrations' AND c.column_default IS NOT NULL
      AND c.is_generated = 'NEVER' AND c.data_type <> 'ARRAY'`,
  indexes: `
    SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS line FROM pg_index i
    JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition
    WHERE i.indpred IS NULL AND i.indexprs IS NULL AND t.relname <> '_prisma_migrations'`,
  constraints: `
    SELECT t.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS line FROM pg_constraint k
    JOIN pg_class t ON t.oid = k.conrelid AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition
    WHERE k.contype IN ('p', 'f', 'u') AND t.relname <> '_prisma_migrations'`,
  enums: `
    SELECT t.typname || ': ' || string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder) AS line
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid AND t.typnamespace = 'public'::regnamespace GROUP BY t.typname`,
} as const;

describe('prisma/schema.prisma and prisma/migrations', () => {
  let migrated: Client;
  let generated: Client;

  beforeAll(async () => {
    migrated = new Client({ connectionString: await freshDatabase() });
    generated = new Client({ connectionString: await emptyDatabase() });
    await Promise.all([migrated.connect(), generated.connect()]);
    // A default that is a function of the migrations.
    await generated.query(
      'CREATE FUNCTION next_event_position() RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$',
    );
    await generated.query(await generatedSql(await emptyDatabase()));
  });
  afterAll(() => Promise.all([migrated.end(), generated.end()]));

  it.each(Object.entries(PICTURE))('make the same %s', async (_, sql) => {
    const lines = async (client: Client): Promise<readonly string[]> =>
      (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line).sort();
    expect(await lines(migrated)).toEqual(await lines(generated));
    expect((await lines(generated)).length).toBeGreaterThan(0);
  });
});

/** The SQL that Prisma would make of its schema. A generated column is a default with a column in it to Prisma. */
async function generatedSql(databaseUrl: string): Promise<string> {
  const path = join(dirname(migrationsFolder()), 'schema.prisma');
  const files = [{ path, content: await readFile(path, 'utf8') }];
  const { stdout } = await withSchemaEngine(databaseUrl, (engine) =>
    engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files, configDir: dirname(path) },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  return (stdout ?? '').replaceAll(/ DEFAULT .*derive_message_status.*?(?=,?\n)/g, '');
}
