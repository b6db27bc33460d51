import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { withSchemaEngine, type MigrationsList } from './schema-engine.js';

/** Any number that no other program locks: migrations of several starting processes wait for each other. */
const MIGRATION_LOCK = 7_236_511_804;

/**
 * Brings the database to the newest migration and makes sure that the partitions of the coming months are there. Safe
 * to call from several processes at once and on a database that is up to date.
 * @returns the names of the migrations that were applied now.
 */
export async function migrate(databaseUrl: string, log: (line: string) => void): Promise<{ applied: string[] }> {
  const lock = new Client({ connectionString: databaseUrl });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrationsList = await readMigrations();
    const { appliedMigrationNames: applied } = await withSchemaEngine(databaseUrl, (engine) =>
      engine.applyMigrations({ migrationsList, filters: { externalTables: [], externalEnums: [] } }),
    );
    for (const name of applied) log(`applied migration ${name}`);
    await lock.query('SELECT ensure_partitions(2)');
    return { applied };
  } finally {
    await lock.end();
  }
}

/** Are all migrations that this build knows applied? */
export async function pendingMigrations(
  query: (sql: string) => Promise<{ rows: { name: string }[] }>,
): Promise<string[]> {
  const { rows } = await query(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const applied = new Set(rows.map((row) => row.name));
  return (await migrationNames()).filter((name) => !applied.has(name));
}

async function migrationNames(): Promise<string[]> {
  const entries = await readdir(migrationsFolder(), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function readMigrations(): Promise<MigrationsList> {
  const folder = migrationsFolder();
  const names = await migrationNames();
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(folder, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(join(folder, name, 'migration.sql'), 'utf8') },
        },
      })),
    ),
  };
}

/** The folder `prisma/migrations` of this checkout or image, seen from the source and from the build alike. */
export function migrationsFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'prisma', 'migrations');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) throw new Error('the folder prisma/migrations is missing');
  }
}
