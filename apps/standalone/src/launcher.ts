import { fileURLToPath } from 'node:url';
import { configSecrets, createLogger, findFreePort, type Env } from '@gateway/platform';
import { firstApiKey, type FirstApiKey } from './api-key.js';
import { banner, urlOf } from './banner.js';
import { bringUpToDate } from './bring-up-to-date.js';
import { gatewayEnv, sandboxEnv, workersOf } from './child-env.js';
import { checkPort } from './check-port.js';
import type { LauncherSettings } from './settings.js';
import { SupervisedChild, type ChildEvents } from './supervised-child.js';
import { SupervisedDatabase } from './supervised-database.js';
import { waitUntilUp } from './wait-until-up.js';
import { webhookMasterKey } from './webhook-master-key.js';

// Added to the duration of a provider call that is in flight when the worker has to stop.
const DRAIN_MARGIN_MS = 15_000;

type App = 'api' | 'worker' | 'login-worker' | 'simulator';

/** Which program an app is, where that has another name. */
const PROGRAMS: Partial<Record<App, string>> = { 'login-worker': 'worker' };

/** Starts the parts of the gateway in order, keeps them running, and stops them in the opposite order. */
export class Launcher {
  private readonly stopping = new AbortController();
  private readonly children = new Map<App, SupervisedChild>();
  private database: SupervisedDatabase | undefined;
  private starting: Promise<void> = Promise.resolve();

  constructor(
    private readonly settings: LauncherSettings,
    private readonly env: Env,
    private readonly say: (line: string) => void,
    private readonly onRefused: ChildEvents['onRefused'],
  ) {}

  /** Resolves when the gateway takes requests, or when it is stopped before that. */
  start(): Promise<void> {
    this.starting = this.launch().catch((error: unknown) => {
      if (!this.stopping.signal.aborted) throw error;
    });
    return this.starting;
  }

  /** Also in the middle of a start. Nothing is left running. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.starting.catch(() => undefined);
    const patienceMs = this.settings.config.providerTimeoutMs + DRAIN_MARGIN_MS;
    const stopChild = (app: App): Promise<void> | undefined => this.children.get(app)?.stop(patienceMs);
    await Promise.all([stopChild('api'), stopChild('worker'), stopChild('login-worker')]);
    await stopChild('simulator');
    await this.database?.stop();
  }

  private async launch(): Promise<void> {
    const { config, dataDir, sandbox } = this.settings;
    const { host } = config.http;
    await checkPort(config.http.port, host);
    const databaseUrl = await this.prepareDatabase();
    const apiKey = firstApiKey(config.apiKey, dataDir);
    const port = config.http.port === 0 ? await findFreePort(0, host) : config.http.port;
    const facts = {
      databaseUrl,
      apiKey: apiKey.key,
      webhookMasterKey: webhookMasterKey(this.env, dataDir),
      port,
      dataDir,
    };
    const env = { ...this.env, ...gatewayEnv(facts) };
    const providers = sandbox ? await this.startSimulator() : {};
    this.startChild('api', { ...env, ...providers });
    for (const [app, more] of workersOf(this.env)) this.startChild(app, { ...env, ...providers, ...more });
    await this.announce(urlOf(host, port), apiKey);
  }

  private async announce(url: string, apiKey: FirstApiKey): Promise<void> {
    await waitUntilUp(`${url}/health/ready`, this.stopping.signal, this.say);
    const { sandbox, dataDir } = this.settings;
    process.stdout.write(`${banner({ url, apiKey, sandbox, dataDir })}\n`);
  }

  /** @returns the URL for api and worker. */
  private async prepareDatabase(): Promise<string> {
    const { config } = this.settings;
    const { databaseUrl, migrationUrl = databaseUrl } = config;
    const urls =
      databaseUrl === undefined || migrationUrl === undefined
        ? await this.startDatabase()
        : { owner: migrationUrl, application: databaseUrl };
    this.stopping.signal.throwIfAborted();
    await bringUpToDate(urls, config, this.say);
    return urls.application;
  }

  private async startDatabase(): ReturnType<SupervisedDatabase['start']> {
    const { config } = this.settings;
    const logger = createLogger({ name: 'launcher', level: config.logLevel, secrets: configSecrets(config) });
    this.say(`PostgreSQL starts in ${this.settings.dataDir}`);
    this.database = new SupervisedDatabase(this.settings.dataDir, logger, this.say);
    return this.database.start();
  }

  private async startSimulator(): Promise<Env> {
    const port = await findFreePort();
    this.startChild('simulator', { ...this.env, SIMULATOR_PORT: String(port) });
    const url = `http://127.0.0.1:${port}`;
    await waitUntilUp(`${url}/control/health`, this.stopping.signal, this.say);
    return sandboxEnv(url, this.env);
  }

  private startChild(app: App, env: Env): void {
    this.stopping.signal.throwIfAborted();
    const script = fileURLToPath(new URL(`../../${PROGRAMS[app] ?? app}/src/main.js`, import.meta.url));
    const child = new SupervisedChild({ name: app, script, env }, { say: this.say, onRefused: this.onRefused });
    this.children.set(app, child);
    child.start();
  }
}
