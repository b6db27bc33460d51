import { chownSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresBinaries } from './binaries.js';
import { isInitialised, writeCredentials, type Credentials, type DataFolder } from './data-folder.js';
import { commandAs, type PostgresUser } from './identity.js';
import { PostgresError } from './postgres-error.js';
import { runCommand } from './run-command.js';

export const SUPERUSER = 'gateway';

/** Makes the cluster once. It is built beside its place and renamed, so an interrupted start leaves nothing half. */
export const initialise = async (
  folder: DataFolder,
  binaries: PostgresBinaries,
  user: PostgresUser | undefined,
  credentials: Credentials,
): Promise<void> => {
  if (isInitialised(folder)) return;
  writeCredentials(folder, credentials);
  removeDrafts(folder);
  const draft = mkdtempSync(`${folder.cluster}.new-`);
  const passwordFile = join(folder.root, '.initdb-password');
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${credentials.password}\n`, { mode: 0o600 });
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);
  const program = { file: binaries.initdb, args: initdbArgs(draft, passwordFile) };
  const { code, output } = await runCommand(commandAs(user, program, [draft])).finally(() => rmSync(passwordFile));
  if (code !== 0) throw new PostgresError(`PostgreSQL could not be initialised below ${folder.root}: ${output}`);
  if (existsSync(folder.cluster)) rmSync(folder.cluster, { recursive: true });
  renameSync(draft, folder.cluster);
};

// The initdb of a killed start may still be writing to its draft; drafts that cannot be removed now are removed later.
const removeDrafts = (folder: DataFolder): void => {
  for (const name of readdirSync(folder.root).filter((entry) => entry.startsWith('postgres.new-'))) {
    try {
      rmSync(join(folder.root, name), { recursive: true, force: true });
    } catch {
      continue;
    }
  }
};

// The builtin C.UTF-8 locale is the same on every machine: an index never depends on the system's library.
const initdbArgs = (cluster: string, passwordFile: string): readonly string[] => [
  `--pgdata=${cluster}`,
  `--username=${SUPERUSER}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];
