/** How long what was read stays good: the longer of the two. */
export interface Freshness {
  readonly forMs: number;
  /** As many times the duration of the reading: at most that part of the time is spent on it. */
  readonly forTimesItsCost: number;
  /** Milliseconds of the duration that do not count; 0 unless given. */
  readonly cheapMs?: number;
}

/** Something that is dear to read, read now and then for all who ask. A failed reading is not kept. */
export class Seldom<T> {
  private reading: Promise<T> | undefined;
  private freshUntil = 0;

  constructor(
    private readonly read: () => Promise<T>,
    private readonly freshness: Freshness,
  ) {}

  get(): Promise<T> {
    if (this.reading !== undefined && performance.now() < this.freshUntil) return this.reading;
    const begunAt = performance.now();
    // Others share this reading until it has ended.
    this.freshUntil = Infinity;
    const reading = this.read().finally(() => {
      const { forMs, forTimesItsCost, cheapMs = 0 } = this.freshness;
      const endedAt = performance.now();
      this.freshUntil = endedAt + Math.max(forMs, forTimesItsCost * (endedAt - begunAt - cheapMs));
    });
    reading.catch(() => (this.reading = undefined));
    this.reading = reading;
    return reading;
  }
}
