import type { PaceGrant, PaceKind, PaceWish } from '@gateway/database';
import { LocalShare } from './local-share.js';

interface Waiting {
  readonly count: number;
  readonly resolve: (allowed: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export interface PaceState {
  readonly remaining: number;
  readonly endsInMs: number;
}

/**
 * One rate of one key, shared with all other apis. Most requests are let through from what was taken ahead; the database
 * is asked once for many of them, and those that come meanwhile wait in order.
 */
export class SharedPace {
  private readonly share: LocalShare;
  private waiting: Waiting[] = [];
  private isAsking = false;

  /** @param take from the rate, together with other keys. */
  constructor(
    private readonly key: { readonly keyId: string; readonly kind: PaceKind; readonly most: number },
    private readonly take: (wish: PaceWish) => Promise<PaceGrant>,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.share = new LocalShare(key.most);
  }

  get most(): number {
    return this.key.most;
  }

  get state(): PaceState {
    return this.share.state(this.now());
  }

  /** @returns false: not in this second. */
  allows(count: number): boolean | Promise<boolean> {
    this.share.note(count, this.now());
    const allowed = this.waiting.length > 0 ? undefined : this.share.use(count, this.now());
    if (allowed === undefined) return this.wait(count);
    this.askAhead();
    return allowed;
  }

  /** Takes what could not be known before; it is paid for by the next seconds. */
  charge(count: number): void {
    this.share.note(count, this.now());
    this.share.charge(count);
    this.askAhead();
  }

  private wait(count: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ count, resolve, reject });
      if (!this.isAsking) void this.serve();
    });
  }

  /** Nobody waits for it, so a failure is met by the next one who does. */
  private askAhead(): void {
    if (this.isAsking || !this.share.isLow) return;
    this.isAsking = true;
    const serve = (): Promise<void> => this.serve();
    this.ask(0)
      .then(serve, serve)
      .catch(() => undefined);
  }

  /** In their order, until none is left. */
  private async serve(): Promise<void> {
    this.isAsking = true;
    for (let [first] = this.waiting; first !== undefined; [first] = this.waiting) {
      const allowed = this.share.use(first.count, this.now()) ?? (await this.answerTo(first));
      if (allowed === undefined) continue;
      this.waiting.shift();
      first.resolve(allowed);
    }
    this.isAsking = false;
  }

  /** @returns false: there is too little left; `undefined`: look again. */
  private async answerTo({ count }: Waiting): Promise<false | undefined> {
    try {
      return (await this.ask(count)) === 0 ? false : undefined;
    } catch (error) {
      const failed = this.waiting;
      this.waiting = [];
      for (const { reject } of failed) reject(error);
      return undefined;
    }
  }

  private async ask(needed: number): Promise<number> {
    const askedAt = this.now();
    const others = this.waiting.slice(1).reduce((sum, { count }) => sum + count, 0);
    const wish = this.share.wish(needed, askedAt);
    try {
      const grant = await this.take({ ...this.key, ...wish, wanted: wish.wanted + others });
      this.share.granted(grant, askedAt);
      return grant.granted;
    } catch (error) {
      this.share.owes(wish.owed);
      throw error;
    }
  }
}
