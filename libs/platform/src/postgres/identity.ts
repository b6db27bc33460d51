import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PostgresError } from './postgres-error.js';

/** The user that runs PostgreSQL. It refuses to run as root, so root needs a separate user, which owns the data. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/** A program to start, with the user that starts it. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const USER = 'postgres';

/** Undefined: we are not root, PostgreSQL runs as we do. As root the user `postgres` is made when it is missing. */
export const postgresUser = (): PostgresUser | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  return findUser() ?? createUser();
};

const findUser = (): PostgresUser | undefined => {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${USER}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
};

const createUser = (): PostgresUser => {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', USER], {
      stdio: 'ignore',
    });
  } catch {
    // The missing user below says it.
  }
  const user = findUser();
  if (user) return user;
  throw new PostgresError(
    `PostgreSQL does not run as root and the user "${USER}" could not be made: add it, or run as another user.`,
  );
};

/**
 * The command line that runs a program as that user. Where folders above `paths` are closed to it (a checkout in
 * /root), the program gets the one capability to pass them, and nothing else: neither data nor programs move, and
 * no permission of a foreign folder is changed.
 * @throws PostgresError when that is impossible here.
 */
export const commandAs = (
  user: PostgresUser | undefined,
  program: { readonly file: string; readonly args: readonly string[] },
  paths: readonly string[],
): Command => {
  if (!user) return program;
  const closed = [program.file, ...paths].map((path) => closedParent(path, user)).find((path) => path !== undefined);
  if (closed === undefined) return { ...program, ...user };
  const capability = passingCapability();
  if (capability === undefined) {
    throw new PostgresError(
      `PostgreSQL runs as the user "${USER}", which may not enter ${closed}: put the gateway and DATA_DIR elsewhere, or run as another user.`,
    );
  }
  return { file: 'setpriv', args: [...setprivArgs(user, capability), '--', program.file, ...program.args] };
};

// no_setuid_fixup: without it access(2), by which PostgreSQL finds its own programs, ignores the capability.
const setprivArgs = ({ uid, gid }: PostgresUser, capability: string): readonly string[] => [
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  '--securebits=+no_setuid_fixup',
  ...['--inh-caps', '--ambient-caps', '--bounding-set'].map((set) => `${set}=-all,+${capability}`),
];

const closedParent = (path: string, user: PostgresUser): string | undefined => {
  const parent = dirname(path);
  if (parent === path) return undefined;
  return closedParent(parent, user) ?? (mayEnter(parent, user) ? undefined : parent);
};

const mayEnter = (folder: string, { uid, gid }: PostgresUser): boolean => {
  const stat = statSync(folder);
  if (stat.uid === uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
};

const DAC_OVERRIDE = 1n << 1n;
const DAC_READ_SEARCH = 1n << 2n;

// Containers usually keep the second and drop the first, which is the smaller one.
const passingCapability = (): string | undefined => {
  if (process.platform !== 'linux') return undefined;
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const bits = BigInt(`0x${held}`);
  if ((bits & DAC_READ_SEARCH) !== 0n) return 'dac_read_search';
  return (bits & DAC_OVERRIDE) !== 0n ? 'dac_override' : undefined;
};
