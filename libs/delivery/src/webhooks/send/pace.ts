import { setTimeout as sleep } from 'node:timers/promises';

/** Spreads requests evenly: at most so many begin in a second. */
export class Pace {
  private readonly gapMs: number;
  private nextAt = 0;

  /** @param perSecond null: any number */
  constructor(perSecond: number | null) {
    this.gapMs = perSecond === null ? 0 : 1000 / perSecond;
  }

  /** Resolves when the next request may begin. */
  async turn(): Promise<void> {
    const at = Math.max(this.nextAt, performance.now());
    this.nextAt = at + this.gapMs;
    const waitMs = at - performance.now();
    if (waitMs > 0) await sleep(waitMs);
  }
}
