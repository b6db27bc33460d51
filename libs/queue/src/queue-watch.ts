const PATIENCE_MS = 5000;
/** How often Redis is asked whether it takes writes, and how long an answer may take. */
const LOOK_EVERY_MS = 1000;
const LOOK_PATIENCE_MS = 2000;
/** A connection whose peer is gone without a word is made again after that long. */
const RECONNECT_AFTER_MS = 10_000;

const AWAY = 'the queue is away';

/** The connection that is watched. */
export interface Watched {
  /** The connection is there; only then is anything sent over it, because commands wait while it is not. */
  connected(): boolean;
  /** Resolves when the queue takes writes. */
  look(): Promise<unknown>;
  reconnect(): void;
}

/**
 * Knows whether the queue can be used, without asking it: no caller waits for a queue that is away. A process believes in
 * its queue until the first look has failed.
 */
export class QueueWatch {
  private away = false;
  private returnedAt: number | undefined;
  private lookingSince: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly listeners = new Set<(isAway: boolean) => void>();

  /** @param watched nothing: a queue in the gateway's own database is as available as the database. */
  constructor(private readonly watched?: Watched) {
    if (watched !== undefined) this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  get isAway(): boolean {
    return this.away;
  }

  /** Milliseconds since it came back; `undefined` if it never was away. */
  get backForMs(): number | undefined {
    return this.returnedAt === undefined ? undefined : performance.now() - this.returnedAt;
  }

  onChange(listener: (isAway: boolean) => void): void {
    this.listeners.add(listener);
  }

  /** Asks now. One look at a time: a queue that hangs is not given more to do. */
  look(): void {
    const { watched } = this;
    if (watched === undefined || this.timer === undefined) return;
    if (!watched.connected()) return this.change(true);
    if (this.lookingSince === undefined) void this.ask(watched);
    else this.judge(watched, performance.now() - this.lookingSince);
  }

  /**
   * For a caller that only wants to leave a hint, or to look at jobs.
   * @throws Error after five seconds, or as soon as the queue is away.
   */
  async patiently<T>(work: () => Promise<T>): Promise<T> {
    if (this.away) throw new Error(AWAY);
    const { promise: given, reject: giveUp } = Promise.withResolvers<never>();
    const onChange = (isAway: boolean): void => void (isAway && giveUp(new Error(AWAY)));
    const timer = setTimeout(() => giveUp(new Error(`the queue did not answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    this.listeners.add(onChange);
    try {
      return await Promise.race([work(), given]);
    } finally {
      clearTimeout(timer);
      this.listeners.delete(onChange);
    }
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async ask(watched: Watched): Promise<void> {
    this.lookingSince = performance.now();
    const fine = await watched.look().then(
      () => true,
      () => false,
    );
    this.lookingSince = undefined;
    if (this.timer !== undefined) this.change(!fine);
  }

  private judge(watched: Watched, waitedMs: number): void {
    if (waitedMs < LOOK_PATIENCE_MS) return;
    this.change(true);
    if (waitedMs < RECONNECT_AFTER_MS) return;
    this.lookingSince = undefined;
    watched.reconnect();
  }

  private change(isAway: boolean): void {
    if (isAway === this.away) return;
    this.away = isAway;
    if (!isAway) this.returnedAt = performance.now();
    for (const listener of [...this.listeners]) listener(isAway);
  }
}
