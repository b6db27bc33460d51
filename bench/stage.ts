import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NODE_FLAGS, startEmbeddedPostgres, type EmbeddedPostgres } from '@gateway/platform';
import { migrateQueues } from '@gateway/queue';
import { grantToApplication, migrate } from '@gateway/database';
import pg from 'pg';
import { answers, Child } from '../libs/testing/src/gateway/child.js';
import { reservePort } from '../libs/testing/src/gateway/reserved-port.js';
import { redisCommand, startRedis, type TestRedis } from '../libs/testing/src/gateway/redis-server.js';

export const API_KEY = 'gk_of_the_benchmark_0123456789abcdef';

export type Program = 'api' | 'worker' | 'login-worker' | 'sink' | 'naive-api' | 'naive-worker';

/** Processes that take processor time. */
export type Processed = Program | 'postgres' | 'redis';

export interface StageOptions {
  readonly redis?: boolean;
  /** Of PostgreSQL. */
  readonly settings?: Readonly<Record<string, string>>;
  /** For every process, over what production has by default. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * One machine as production has it: an embedded PostgreSQL with its default settings (fsync on), and whatever programs
 * a case starts beside it, each a process. Nothing of it outlives `close`.
 */
export class Stage {
  readonly apiUrl: string;
  readonly sinkUrl: string;
  readonly naiveUrl: string;
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  /** For floors and for looking. */
  readonly db: pg.Pool;
  private readonly parts: Parts;
  private readonly programs = new Map<Program, Child>();
  private readonly others: Child[] = [];
  private closing: Promise<void> | undefined;
  private static readonly opened = new Set<Stage>();

  private constructor(parts: Parts) {
    this.parts = parts;
    this.databaseUrl = parts.postgres.url;
    this.redisUrl = parts.redis?.url;
    [this.apiUrl, this.sinkUrl, this.naiveUrl] = parts.ports.map((port) => `http://127.0.0.1:${port}`) as Urls;
    this.db = new pg.Pool({ connectionString: this.databaseUrl, max: 4 });
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-'));
    const postgres = await startEmbeddedPostgres({
      dataDir: join(folder, 'postgres'),
      log: () => undefined,
      ...(options.settings && { settings: options.settings }),
    });
    const redis = options.redis === true ? await startRedis(folder) : undefined;
    const urls = { owner: postgres.url, application: postgres.applicationUrl };
    await migrate(urls.owner, () => undefined);
    await migrateQueues(urls.owner);
    await grantToApplication(urls, () => undefined);
    const ports: number[] = [];
    for (let i = 0; i < 3; i += 1) ports.push(await reservePort());
    const stage = new Stage({ folder, postgres, redis, ports, env: options.env ?? {} });
    Stage.opened.add(stage);
    // Apart from the gateway's own: it refuses to start where a table of its schema is not its to read.
    await stage.db.query('CREATE SCHEMA bench');
    return stage;
  }

  /** A stage for this work alone. */
  static async during<T>(options: StageOptions, work: (stage: Stage) => Promise<T>): Promise<T> {
    const stage = await Stage.open(options);
    try {
      return await work(stage);
    } finally {
      await stage.close();
    }
  }

  async start(program: Program, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const child = this.launch(program, program, env);
    this.programs.set(program, child);
    const health = { api: `${this.apiUrl}/health/ready`, sink: `${this.sinkUrl}/control/stats` };
    const urls: Partial<Record<Program, string>> = { ...health, 'naive-api': `${this.naiveUrl}/health` };
    const url = urls[program];
    if (url !== undefined) await child.untilUp(() => answers(url));
  }

  /** One more api over the same database. @returns its address */
  async startAnotherApi(): Promise<string> {
    const port = String(await reservePort());
    const child = this.launch('api', `api-${port}`, { PORT: port });
    this.others.push(child);
    const url = `http://127.0.0.1:${port}`;
    await child.untilUp(() => answers(`${url}/health/ready`));
    return url;
  }

  private launch(program: Program, name: string, env: Readonly<Record<string, string>>): Child {
    const command = { command: process.execPath, args: argsOf(program) };
    const logFile = join(this.parts.folder, `${name}.log`);
    return new Child({ name, ...command, env: { ...this.environment(program), ...env }, logFile });
  }

  async end(program: Program): Promise<void> {
    await this.programs.get(program)?.end('SIGTERM');
  }

  /** Its queue is gone, for good. */
  async endRedis(): Promise<void> {
    await this.parts.redis?.stop();
  }

  /** Peak memory of a program since its start, in MB, as Linux reports it. */
  peakMemory(program: Program): number {
    const status = readFileSync(`/proc/${this.programs.get(program)?.pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }

  /** Processor time that programs have taken so far, in milliseconds; Linux reports it in hundredths of a second. */
  processorMs(...programs: readonly Processed[]): number {
    const { postgres, redis } = this.parts;
    const own = programs.flatMap((name) => {
      if (name === 'redis') return redis?.pid ?? [];
      return name === 'postgres' ? withChildren(postgres.pid) : (this.programs.get(name)?.pid ?? []);
    });
    return own.reduce((sum, each) => sum + ticksOf(each, each === postgres.pid), 0) * 10;
  }

  /** Commands that Redis has run so far; 0 without one. */
  async redisCommands(): Promise<number> {
    if (this.redisUrl === undefined) return 0;
    const stats = await redisCommand(Number(new URL(this.redisUrl).port), 'INFO stats');
    return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1] ?? 0);
  }

  /** One statement that only a superuser may run. */
  async asAdmin<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
    const admin = new pg.Client({ connectionString: this.parts.postgres.adminUrl });
    await admin.connect();
    const { rows } = await admin.query<T>(sql);
    await admin.end();
    return rows;
  }

  /** Both sides of a comparison begin with the same tables: nothing to clean up, nothing left to write. */
  async settle(): Promise<void> {
    // Else autovacuum does it while something is measured.
    await this.asAdmin('VACUUM (ANALYZE)');
    await this.asAdmin('CHECKPOINT');
  }

  /** For a run that is ended by a signal. */
  static async closeAll(): Promise<void> {
    await Promise.allSettled([...Stage.opened].map((stage) => stage.close()));
  }

  close(): Promise<void> {
    this.closing ??= this.endAll();
    return this.closing;
  }

  private async endAll(): Promise<void> {
    Stage.opened.delete(this);
    await this.db.end();
    await Promise.all([...this.programs.values(), ...this.others].map((child) => child.end('SIGKILL')));
    await this.parts.redis?.stop();
    await this.parts.postgres.stop();
    if (process.env['KEEP_LOGS'] === undefined) rmSync(this.parts.folder, { recursive: true, force: true });
  }

  private environment(program: Program): Readonly<Record<string, string | undefined>> {
    const { PATH, HOME, TZ } = process.env;
    return {
      PATH,
      HOME,
      TZ,
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      // The naive gateway makes its own tables.
      DATABASE_URL: program.startsWith('naive') ? this.databaseUrl : this.parts.postgres.applicationUrl,
      REDIS_URL: this.redisUrl,
      GATEWAY_API_KEY: API_KEY,
      PORT: new URL(program === 'naive-api' ? this.naiveUrl : this.apiUrl).port,
      SINK_URL: this.sinkUrl,
      SINK_PORT: new URL(this.sinkUrl).port,
      SANDBOX: 'true',
      SIMULATOR_URL: this.sinkUrl,
      NCP_BASE_URL: `${this.sinkUrl}/api/v1`,
      NCP_ACCESS_KEY: 'bench',
      NCP_SECRET_KEY: 'bench',
      NHN_BASE_URL: this.sinkUrl,
      NHN_APP_KEY: 'bench',
      // A million and a code are more than NCP's month.
      NCP_MONTHLY_QUOTA: '1000000000',
      ...this.parts.env,
    };
  }
}

interface Parts {
  readonly folder: string;
  readonly postgres: EmbeddedPostgres;
  readonly redis: TestRedis | undefined;
  readonly ports: readonly number[];
  readonly env: Readonly<Record<string, string>>;
}

type Urls = [string, string, string];

/** PostgreSQL has a process for each connection. */
function withChildren(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return [pid, ...all.filter((each) => fieldsOf(each)[1] === String(pid))];
}

/** @param andEnded adds children that have ended. */
function ticksOf(pid: number, andEnded: boolean): number {
  const [user, system, endedUser, endedSystem] = fieldsOf(pid).slice(11, 15).map(Number);
  return (user ?? 0) + (system ?? 0) + (andEnded ? (endedUser ?? 0) + (endedSystem ?? 0) : 0);
}

/** Fields of /proc/PID/stat after the name: state, parent, … None of a process that has ended. */
function fieldsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

function argsOf(program: Program): string[] {
  if (program === 'api' || program === 'worker' || program === 'login-worker') {
    const app = program === 'api' ? 'api' : 'worker';
    const folder = process.env['PROFILE'];
    const profile = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(folder, program)}`];
    // As the launcher and the image start them.
    return [...NODE_FLAGS, ...profile, resolve(`dist/apps/${app}/src/main.js`)];
  }
  const source = { sink: 'sink/main.ts', 'naive-api': 'naive/api.ts', 'naive-worker': 'naive/worker.ts' }[program];
  const typescript = ['--disable-warning=ExperimentalWarning', '--import', resolve('test/support/run-typescript.mjs')];
  return [...typescript, resolve('bench', source)];
}
