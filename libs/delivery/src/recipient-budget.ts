/** So few weigh nothing: a login code never waits for a campaign to leave the memory. */
const WEIGHTLESS = 10;

/**
 * Bounds how many recipients this process holds in memory at once, over all batches that are being posted, or asked about. A batch
 * that is larger than the whole budget runs alone.
 */
export class RecipientBudget {
  private used = 0;
  private readonly waiting: { readonly weight: number; readonly start: () => void }[] = [];

  constructor(private readonly capacity: number) {}

  async run<T>(weight: number, work: () => Promise<T>): Promise<T> {
    if (weight <= WEIGHTLESS) return work();
    const bounded = Math.min(weight, this.capacity);
    await this.take(bounded);
    try {
      return await work();
    } finally {
      this.used -= bounded;
      this.startNext();
    }
  }

  private take(weight: number): Promise<void> {
    if (this.waiting.length === 0 && this.used + weight <= this.capacity) {
      this.used += weight;
      return Promise.resolve();
    }
    return new Promise((start) => this.waiting.push({ weight, start }));
  }

  private startNext(): void {
    for (let next = this.waiting[0]; next && this.used + next.weight <= this.capacity; next = this.waiting[0]) {
      this.waiting.shift();
      this.used += next.weight;
      next.start();
    }
  }
}
