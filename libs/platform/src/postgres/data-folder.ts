import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { PostgresError } from './postgres-error.js';

/** Where the embedded PostgreSQL keeps what it needs between starts. */
export interface DataFolder {
  readonly root: string;
  /** PostgreSQL's own data, owned by the user that runs it. */
  readonly cluster: string;
  readonly credentialsFile: string;
}

/** Kept so that the URL stays the same over restarts. Mode 0600. */
export interface Credentials {
  readonly password: string;
  readonly port?: number | undefined;
}

const credentialsSchema = z.object({ password: z.string().min(1), port: z.number().int().positive().optional() });

/** Makes the folder where needed and lets the database's user pass through it (not read it). */
export const openDataFolder = (dataDir: string): DataFolder => {
  const root = resolve(dataDir);
  try {
    mkdirSync(root, { recursive: true });
    const { mode } = statSync(root);
    if ((mode & 0o011) !== 0o011) chmodSync(root, (mode & 0o7777) | 0o011);
  } catch (error) {
    throw new PostgresError(`DATA_DIR ${root} cannot be used: ${(error as Error).message}`, { cause: error });
  }
  return { root, cluster: join(root, 'postgres'), credentialsFile: join(root, 'postgres.json') };
};

export const isInitialised = (folder: DataFolder): boolean => existsSync(join(folder.cluster, 'PG_VERSION'));

/** @throws PostgresError when data exist whose password is lost. */
export const readCredentials = (folder: DataFolder): Credentials => {
  if (existsSync(folder.credentialsFile)) {
    const parsed = credentialsSchema.safeParse(parseJson(readFileSync(folder.credentialsFile, 'utf8')));
    if (parsed.success) return parsed.data;
  }
  if (!isInitialised(folder)) return { password: randomBytes(24).toString('base64url') };
  throw new PostgresError(
    `${folder.credentialsFile} is missing or unreadable, but ${folder.cluster} has data: restore it, or remove both to start with an empty database.`,
  );
};

/** Replaces the file as a whole: a crash leaves the old one or the new one. */
export const writeCredentials = (folder: DataFolder, credentials: Credentials): void => {
  const draft = `${folder.credentialsFile}.new`;
  writeFileSync(draft, `${JSON.stringify(credentials)}\n`, { mode: 0o600 });
  renameSync(draft, folder.credentialsFile);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
