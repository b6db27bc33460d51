import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres, type Logger } from '@gateway/platform';
import { BackOff } from './back-off.js';
import type { DatabaseUrls } from './bring-up-to-date.js';

/** The embedded PostgreSQL, started again when it dies; its address stays the same. */
export class SupervisedDatabase {
  private readonly backOff = new BackOff();
  private server: EmbeddedPostgres | undefined;
  private readonly stopping = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataDir: string,
    private readonly logger: Logger,
    private readonly say: (line: string) => void,
  ) {}

  /** @returns the URLs of the gateway's database. */
  async start(): Promise<DatabaseUrls & { readonly application: string }> {
    const server = await this.launch();
    this.watching = this.watch(server);
    return { owner: server.url, application: server.applicationUrl };
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
    await this.server?.stop();
  }

  private async launch(): Promise<EmbeddedPostgres> {
    // PostgreSQL's own lines begin with a date and are many; the rest is ours and rare.
    const log = (line: string): void => {
      if (/^\d{4}-/.test(line)) this.logger.debug({ part: 'postgres' }, line);
      else this.say(line);
    };
    this.server = await startEmbeddedPostgres({ dataDir: this.dataDir, log });
    return this.server;
  }

  private async watch(first: EmbeddedPostgres): Promise<void> {
    const { signal } = this.stopping;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    let server: EmbeddedPostgres | undefined = first;
    let startedAt = performance.now();
    while (!signal.aborted) {
      await Promise.race([server?.ended, stopped]);
      if (signal.aborted) return;
      const delayMs = this.backOff.delayAfter(performance.now() - startedAt);
      this.say(`PostgreSQL ended, starting it again in ${delayMs / 1000} s`);
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      startedAt = performance.now();
      server = await this.launch().catch((error: Error) => {
        this.say(error.message);
        return undefined;
      });
    }
  }
}
