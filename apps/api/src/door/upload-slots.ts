/** So many may go on at the same time; the next ones wait a moment, first come, first served. */
export class UploadSlots {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly max: number,
    private readonly patienceMs: number,
  ) {}

  get count(): number {
    return this.taken;
  }

  /** @returns what gives the slot back, or nothing when none became free in time. */
  async take(): Promise<(() => void) | undefined> {
    if (this.taken < this.max) this.taken += 1;
    else if (!(await this.wait())) return undefined;
    return () => this.giveBack();
  }

  /** A slot that is given back goes to who has waited longest, without being free in between. */
  private giveBack(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.taken -= 1;
    else next();
  }

  private wait(): Promise<boolean> {
    return new Promise((resolve) => {
      const admit = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(admit), 1);
        resolve(false);
      }, this.patienceMs);
      this.waiting.push(admit);
    });
  }
}
