/** Lets work in, in order, as long as its weight fits. Work that weighs more than everything runs alone. */
export class Budget {
  private used = 0;
  private readonly waiting: { readonly weight: number; readonly start: () => void }[] = [];

  constructor(private readonly capacity: number) {}

  async run<T>(weight: number, work: () => Promise<T>): Promise<T> {
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

/** Batches of at most this many recipients weigh nothing: a login code never waits for a campaign to leave the memory. */
const WEIGHTLESS = 10;

/**
 * Bounds how many recipients this process holds in memory at once, over all batches that are being posted, or asked
 * about.
 */
export class RecipientBudget extends Budget {
  override run<T>(recipients: number, work: () => Promise<T>): Promise<T> {
    return recipients <= WEIGHTLESS ? work() : super.run(recipients, work);
  }
}
