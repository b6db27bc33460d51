import { LOGGER, Metrics, pause, type Logger } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Sweeps, type Sweep } from './sweeps.js';

/** Beyond its own pause; a sweep over a large backlog takes its time. */
const PATIENCE_MS = 120_000;

/** Repeats sweeps, each after a pause from its own end. A sweep that fails is logged and repeated. */
@Injectable()
export class Sweeper {
  private readonly sweeps: readonly Sweep[];
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[] = [];
  /** When each sweep last ended well. */
  private readonly endedAt = new Map<string, number>();
  private readonly lastEnd;

  constructor(
    sweeps: Sweeps,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.sweeps = sweeps.all;
    this.lastEnd = metrics.gauge('gateway_sweep_ended_timestamp_seconds', 'When a sweep last ended well', ['sweep']);
  }

  start(): void {
    for (const sweep of this.sweeps) {
      this.endedAt.set(sweep.name, performance.now());
      this.loops.push(this.loop(sweep));
    }
  }

  /** Names of sweeps that should have ended well by now. */
  late(): readonly string[] {
    const isLate = ({ name, everyMs }: Sweep): boolean =>
      performance.now() - (this.endedAt.get(name) ?? 0) > everyMs + PATIENCE_MS;
    return this.sweeps.filter(isLate).map(({ name }) => name);
  }

  /** Resolves when no sweep is running any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  private ended(name: string): void {
    this.endedAt.set(name, performance.now());
    this.lastEnd.set({ sweep: name }, Date.now() / 1000);
  }

  private async loop({ name, everyMs, run }: Sweep): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await run().then(
        () => this.ended(name),
        (error: unknown) => this.log.error({ err: error, sweep: name }, 'a sweep failed'),
      );
      await pause(everyMs, this.stopping.signal);
    }
  }
}
