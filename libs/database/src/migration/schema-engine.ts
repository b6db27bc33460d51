import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setUpBy } from '@gateway/platform';
import { Pool } from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { WITHOUT_LIMITS } from './migration.sql.js';

/** The part of Prisma's schema engine that the gateway uses. */
export interface SchemaEngine {
  applyMigrations(input: {
    migrationsList: MigrationsList;
    filters: SchemaFilter;
  }): Promise<{ appliedMigrationNames: string[] }>;
  /** The SQL that makes the tables of a Prisma schema: for writing the next migration, and for the drift check. */
  diff(input: {
    from: { tag: 'empty' };
    to: { tag: 'schemaDatamodel'; files: { path: string; content: string }[]; configDir: string };
    script: true;
    exitCode: null;
    filters: SchemaFilter;
  }): Promise<{ stdout: string | null }>;
}

export interface SchemaFilter {
  readonly externalTables: string[];
  readonly externalEnums: string[];
}

export interface MigrationsList {
  readonly baseDir: string;
  readonly lockfile: { path: string; content: string | null };
  readonly shadowDbInitScript: string;
  readonly migrationDirectories: {
    path: string;
    migrationFile: { path: string; content: { tag: 'ok'; value: string } };
  }[];
}

interface EngineModule {
  __wbg_set_wasm(exports: Readonly<Record<string, unknown>>): void;
  SchemaEngine: {
    new: (
      options: { datamodels: [string, string][] | undefined },
      debug: (line: string) => void,
      adapter: unknown,
    ) => Promise<SchemaEngine>;
  };
}

/**
 * Prisma's own schema engine in its WebAssembly build: the same migrations and the same `_prisma_migrations` table as
 * `prisma migrate deploy`, without the native binary that Prisma's CLI would have to download.
 */
export async function withSchemaEngine<T>(databaseUrl: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const { SchemaEngine } = await loadModule();
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'gateway-migrate',
    onConnect: setUpBy(WITHOUT_LIMITS),
  });
  const postgres = new WholeScriptPg(pool);
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(postgres);
    return await use(await SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter));
  } catch (error) {
    // The engine reports where in its own code a script failed, but not what the server said.
    throw postgres.failure ?? error;
  } finally {
    await pool.end();
  }
}

/**
 * Prisma 7.10's adapter cuts a script at every semicolon, also inside of a function body (2026-11). Sent as a whole,
 * PostgreSQL cuts it itself, and runs it in one transaction.
 */
class WholeScriptPg extends PrismaPg {
  /** Why a script failed. */
  failure: unknown;

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      try {
        await adapter.underlyingDriver().query(script);
      } catch (error) {
        this.failure = error;
        throw error;
      }
    };
    return adapter;
  }
}

// Node has WebAssembly; its type declarations come with the DOM's, which a server should not see.
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Readonly<Record<string, unknown>>,
  ): Promise<{ instance: { exports: Readonly<Record<string, unknown>> } }>;
};

let loaded: Promise<EngineModule> | undefined;

function loadModule(): Promise<EngineModule> {
  loaded ??= instantiate();
  return loaded;
}

async function instantiate(): Promise<EngineModule> {
  const require = createRequire(import.meta.url);
  const glue = '@prisma/schema-engine-wasm/schema_engine_bg';
  const engine = (await import(glue)) as EngineModule;
  const wasm = require.resolve(glue).replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(wasm), {
    './schema_engine_bg.js': engine,
  });
  engine.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as (() => void) | undefined)?.();
  return engine;
}
