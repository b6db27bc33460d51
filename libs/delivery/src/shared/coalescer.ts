interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

export interface CoalescerLimits<In> {
  /** Maximum pieces of work under way at a time. Items that arrive meanwhile wait, and are done together. */
  readonly atOnce: number;
  /** Maximum items of one piece of work. */
  readonly most: number;
  /** Weight of an item, e.g. its bytes; `mostWeight` limits a piece of work, but one item alone may weigh more. */
  readonly weightOf?: (item: In) => number;
  readonly mostWeight?: number;
}

/**
 * Combines the items of concurrent callers: one statement for a hundred rows costs little more than one for a single
 * row. A single caller does not wait.
 */
export class Coalescer<In, Out> {
  private readonly waiting: Waiting<In, Out>[] = [];
  private running = 0;

  /**
   * @param work gives one result for each item, in their order. Where it rejects nothing of it may have taken effect: it
   * is done again for each item alone, so that one that can't be done does not keep the others.
   */
  constructor(
    private readonly work: (items: readonly In[]) => Promise<readonly Out[]>,
    private readonly limits: CoalescerLimits<In>,
  ) {}

  run(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.running < this.limits.atOnce) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running += 1;
    // Callers of the same turn of the event loop join the first piece of work already.
    await new Promise((resolve) => setImmediate(resolve));
    for (let taken = this.take(); taken.length > 0; taken = this.take()) await this.perform(taken);
    this.running -= 1;
  }

  private take(): Waiting<In, Out>[] {
    const { most, weightOf, mostWeight = Infinity } = this.limits;
    let weight = 0;
    let count = 0;
    for (const { item } of this.waiting) {
      weight += weightOf?.(item) ?? 0;
      if (count === most || (count > 0 && weight > mostWeight)) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async perform(taken: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await this.work(taken.map(({ item }) => item));
      taken.forEach(({ resolve }, i) => resolve(results[i] as Out));
    } catch (error) {
      const [only] = taken;
      if (taken.length === 1) return only?.reject(error);
      await Promise.all(taken.map((one) => this.perform([one])));
    }
  }
}
