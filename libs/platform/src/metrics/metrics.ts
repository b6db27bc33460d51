import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Freshness, Seldom } from '../process/seldom.js';

/** Label values by name; a metric's label names are fixed by its first use. */
type Labels = readonly string[];

/** How often the lag of the event loop is measured. By default a process that has nothing to do wakes 100 times a second. */
const EVENT_LOOP_EVERY_MS = 100;

/**
 * The metrics of one process. Asking for a name again gives the same metric, so that every part can name what it
 * counts where it counts it. Names follow Prometheus: `gateway_<thing>_<unit>`, counters end in `_total`.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly updates: (() => Promise<void>)[] = [];

  /** @param options.defaults event loop, memory and garbage collection too; true unless given */
  constructor(options: { readonly process: string; readonly defaults?: boolean }) {
    this.registry.setDefaultLabels({ process: options.process });
    if (options.defaults ?? true) {
      collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: EVENT_LOOP_EVERY_MS });
    }
  }

  counter(name: string, help: string, labelNames: Labels = []): Counter {
    return this.once(name, () => new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] }));
  }

  gauge(name: string, help: string, labelNames: Labels = []): Gauge {
    return this.once(name, () => new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] }));
  }

  /** @param buckets upper bounds; seconds from 5 ms to 10 s unless given */
  histogram(name: string, help: string, labelNames: Labels = [], buckets?: readonly number[]): Histogram {
    return this.once(name, () => {
      const registers = [this.registry];
      const bounds = buckets && { buckets: [...buckets] };
      return new Histogram({ name, help, labelNames: [...labelNames], registers, ...bounds });
    });
  }

  /**
   * Registers a look-up to make before an exposition; a failure leaves the metric as it was. Concurrent expositions
   * share one look-up.
   * @param fresh time that a look-up stays good enough; by default it is made each time
   */
  beforeScrape(update: () => Promise<void>, fresh: Freshness = { forMs: 0, forTimesItsCost: 0 }): void {
    const seldom = new Seldom(update, fresh);
    this.updates.push(() => seldom.get());
  }

  /** The exposition text of `/metrics`, to be sent with `contentType`. */
  async text(): Promise<string> {
    await Promise.allSettled(this.updates.map((update) => update()));
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  private once<T extends Counter | Gauge | Histogram>(name: string, create: () => T): T {
    const known = this.registry.getSingleMetric(name);
    return known === undefined ? create() : (known as unknown as T);
  }
}
