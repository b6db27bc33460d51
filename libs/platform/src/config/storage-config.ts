import { z } from 'zod';
import { certificateFile, databaseUrl } from './certificate-files.js';
import { durationMs, urlList, wholeNumber } from './variables.js';

/** Where the gateway keeps what it keeps. */
export interface StorageConfig {
  /** Absent: the embedded PostgreSQL below `dataDir`. */
  readonly databaseUrl?: string | undefined;
  /** The owner of the tables, for migrations only. Absent: `databaseUrl` is for both. */
  readonly migrationUrl?: string | undefined;
  /** How long one session on PostgreSQL may hold things up; 0: what the server or the role says. */
  readonly databaseLimits: {
    readonly statementMs: number;
    readonly lockMs: number;
    readonly idleInTransactionMs: number;
  };
  /** Absent: the queue lives in PostgreSQL. More than one node: Redis Cluster. `ca`: certificates in PEM. */
  readonly redis?: { readonly nodes: readonly string[]; readonly ca?: string | undefined } | undefined;
  readonly dataDir: string;
  /** Free bytes on its disk below which an embedded database takes nothing new; 0: not watched. */
  readonly minFreeDiskBytes: number;
}

export const storageSchema = z
  .object({
    DATABASE_URL: databaseUrl().optional(),
    DATABASE_MIGRATION_URL: databaseUrl().optional(),
    DATABASE_STATEMENT_TIMEOUT_MS: durationMs(0).default(600_000),
    DATABASE_LOCK_TIMEOUT_MS: durationMs(0).default(60_000),
    DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: durationMs(0).default(300_000),
    REDIS_URL: urlList('redis', 'rediss').optional(),
    REDIS_CA_FILE: certificateFile().optional(),
    DATA_DIR: z.string().trim().default('.data'),
    MIN_FREE_DISK_MB: wholeNumber(0, 1_000_000).default(256),
  })
  .refine(
    ({ REDIS_URL: nodes, REDIS_CA_FILE: ca }) => ca === undefined || nodes?.every((node) => node.startsWith('rediss:')),
    { path: ['REDIS_CA_FILE'], message: 'is of no use unless every URL in REDIS_URL begins with rediss://' },
  );

export const storageConfig = (read: z.output<typeof storageSchema>): StorageConfig => ({
  databaseUrl: read.DATABASE_URL,
  migrationUrl: read.DATABASE_MIGRATION_URL,
  databaseLimits: Object.freeze({
    statementMs: read.DATABASE_STATEMENT_TIMEOUT_MS,
    lockMs: read.DATABASE_LOCK_TIMEOUT_MS,
    idleInTransactionMs: read.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS,
  }),
  redis: read.REDIS_URL && Object.freeze({ nodes: Object.freeze(read.REDIS_URL), ca: read.REDIS_CA_FILE }),
  dataDir: read.DATA_DIR,
  minFreeDiskBytes: read.MIN_FREE_DISK_MB * 1_000_000,
});
