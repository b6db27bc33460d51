import type { PaceGrant } from '@gateway/database';

/** This much of a second's rate is let through before the database is asked, and paid for with the next question. */
const CREDIT_SHARE = 64;
/** Requests that are expected within this time are taken from the rate ahead of them, in milliseconds. */
const AHEAD_MS = 250;
/** At most this share of a second's rate is taken ahead, so that other apis find theirs. */
const AHEAD_SHARE = 8;
const SECOND_MS = 1000;

/**
 * One api's share of a key's rate in the current second. Times are of a clock that only counts; seconds begin when the
 * database says so.
 */
export class LocalShare {
  /** Taken from the rate, and not used yet. */
  private left = 0;
  /** Let through, and not taken from the rate yet. */
  private owed = 0;
  /** What the database had left for all, at the last look. */
  private remaining: number;
  private endsAt = 0;
  private credit = 0;
  /** What was asked for in this second and in the one before it. */
  private demand = 0;
  private demandBefore = 0;

  constructor(readonly most: number) {
    this.remaining = most;
  }

  /** Someone asks for so many. */
  note(count: number, now: number): void {
    this.turn(now);
    this.demand += count;
  }

  /** @returns whether `count` may go now; `undefined`: the database has to be asked. */
  use(count: number, now: number): boolean | undefined {
    this.turn(now);
    if (this.left >= count) {
      this.left -= count;
      return true;
    }
    if (this.credit >= count) {
      this.credit -= count;
      this.owed += count;
      return true;
    }
    // Others can only have taken more of this second since.
    return now < this.endsAt && this.remaining === 0 ? false : undefined;
  }

  /** Let through whatever is left: its size was not known before. */
  charge(count: number): void {
    this.owed += count;
  }

  /** Is it time to ask the database without anyone who waits for it? */
  get isLow(): boolean {
    return this.owed > 0 || (this.remaining > 0 && this.left * 2 < this.ahead(SECOND_MS));
  }

  /** @param needed by those who wait. */
  wish(needed: number, now: number): { readonly owed: number; readonly needed: number; readonly wanted: number } {
    const owed = this.owed;
    this.owed = 0;
    const missing = Math.max(0, needed - this.left);
    return { owed, needed: missing, wanted: missing + this.ahead(this.endsAt > now ? this.endsAt - now : SECOND_MS) };
  }

  /** @param askedAt the grant is of the second that ends so long after it. */
  granted({ granted, remaining, endsInMs }: PaceGrant, askedAt: number): void {
    const endsAt = askedAt + endsInMs;
    // Another second than the one that `left` was taken from.
    if (this.endsAt > 0 && endsAt > this.endsAt + SECOND_MS / 2) this.begin();
    this.endsAt = endsAt;
    this.left += granted;
    this.remaining = remaining;
  }

  /** Unpaid when the question was not answered. */
  owes(owed: number): void {
    this.owed += owed;
  }

  /** What is left of this second, as far as this api knows, and for how long. */
  state(now: number): { readonly remaining: number; readonly endsInMs: number } {
    this.turn(now);
    const known = now < this.endsAt;
    return {
      remaining: known ? Math.max(0, this.left + this.remaining - this.owed) : this.most,
      endsInMs: known ? this.endsAt - now : SECOND_MS,
    };
  }

  private turn(now: number): void {
    if (this.endsAt === 0 || now < this.endsAt) return;
    // After a second without anything left, nothing goes on credit: it may not be paid off yet.
    const wasFull = this.remaining === 0 && now < this.endsAt + SECOND_MS;
    this.begin();
    this.endsAt = 0;
    this.remaining = this.most;
    this.credit = wasFull ? 0 : Math.floor(this.most / CREDIT_SHARE);
  }

  private begin(): void {
    this.left = 0;
    this.demandBefore = this.demand;
    this.demand = 0;
  }

  private ahead(withinMs: number): number {
    const perMs = Math.max(this.demand, this.demandBefore) / SECOND_MS;
    return Math.min(Math.floor(perMs * Math.min(AHEAD_MS, withinMs)), Math.floor(this.most / AHEAD_SHARE));
  }
}
