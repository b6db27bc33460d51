const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const HEALTHY_MS = 60_000;

/** Time to wait before a process that died is started again: 1 s, doubling to 30 s; 1 s again after it lived 60 s. */
export class BackOff {
  private nextMs = FIRST_MS;

  /** @param livedMs how long it had been running when it died */
  delayAfter(livedMs: number): number {
    if (livedMs >= HEALTHY_MS) this.nextMs = FIRST_MS;
    const delayMs = this.nextMs;
    this.nextMs = Math.min(this.nextMs * 2, LONGEST_MS);
    return delayMs;
  }
}
