import type { Logger } from '@gateway/platform';

export interface Sweep {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

/** Runs sweeps over and over, each after a pause behind its own end. A sweep that fails is logged and comes again. */
export class Sweeper {
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[] = [];

  constructor(
    private readonly sweeps: readonly Sweep[],
    private readonly log: Logger,
  ) {}

  start(): void {
    for (const sweep of this.sweeps) this.loops.push(this.loop(sweep));
  }

  /** Resolves when no sweep is running any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  private async loop({ name, everyMs, run }: Sweep): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await run().catch((error: unknown) => this.log.error({ err: error, sweep: name }, 'a sweep failed'));
      await pause(everyMs, this.stopping.signal);
    }
  }
}

/** Ends early, without a rejection, when the signal fires. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
