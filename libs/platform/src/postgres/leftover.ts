import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresError } from './postgres-error.js';
import { openSession, tryOwn, type Address } from './session.js';

interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

interface LeftoverOptions {
  /** PostgreSQL's data folder. */
  readonly cluster: string;
  readonly password: string;
  readonly log: (line: string) => void;
  /** Fast shutdown of whatever runs on the folder; resolves when it has ended. */
  readonly stop: () => Promise<void>;
}

const PATIENCE_MS = 30_000;
// A gateway that starts at this moment takes its mark shortly after its server is up.
const SETTLED_MS = 500;

/**
 * Deals with what the last run left in the data folder: nothing, a stale pid file, a server without its launcher
 * (stopped cleanly, then started again by the caller), or a server that another gateway uses.
 * @throws PostgresError when another gateway uses the folder.
 */
export const clearLeftover = async (options: LeftoverOptions): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = runningPostmaster(options.cluster);
    if (!found) return;
    const owned = await isOwnedFor(SETTLED_MS, { port: found.port, password: options.password });
    if (owned === true) throw inUse(options.cluster, found.pid);
    if (owned === false) {
      options.log(`PostgreSQL (pid ${found.pid}) is left from an earlier run: stopping it`);
      return options.stop();
    }
    // It accepts no connection but still runs: it is starting, recovering or shutting down.
    if (performance.now() > deadline) throw inUse(options.cluster, found.pid);
    await sleep(250);
  }
};

const inUse = (cluster: string, pid: number): PostgresError =>
  new PostgresError(
    `Another gateway is using ${cluster} (PostgreSQL pid ${pid}): stop it, or give this one its own DATA_DIR and PORT.`,
  );

const isOwnedFor = async (settledMs: number, address: Address): Promise<boolean | undefined> => {
  const first = await isOwned(address);
  if (first !== false) return first;
  await sleep(settledMs);
  return isOwned(address);
};

/** True: a live launcher holds it. False: no launcher does. Undefined: the server cannot be asked now. */
const isOwned = async (address: Address): Promise<boolean | undefined> => {
  try {
    const session = await openSession(address);
    const free = await tryOwn(session).finally(() => session.end());
    return !free;
  } catch {
    return undefined;
  }
};

/** The server that runs on this folder. A pid file whose process is gone, or is something else by now, is removed. */
const runningPostmaster = (cluster: string): Postmaster | undefined => {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pid, , , port] = readFileSync(file, 'utf8').split('\n').map(Number);
  if (pid && isPostgres(pid)) return { pid, port: port ?? 0 };
  rmSync(file, { force: true });
  return undefined;
};

const isPostgres = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // Pids are used again, above all in containers. Where there is no /proc, believe the file.
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return process.platform !== 'linux';
  }
};
