import { setImmediate as breathe } from 'node:timers/promises';

/** Milliseconds of work after which others get a turn; the work of one entry may be added to that. */
const TURN_MS = 15;

/**
 * Cuts work on many entries into turns of the event loop, so that one large body does not block other requests. Call
 * `rest` between entries.
 */
export class Turns {
  private since = performance.now();

  /** @returns a promise only when others should get a turn: most entries need not wait. */
  rest(): Promise<void> | undefined {
    return performance.now() - this.since < TURN_MS ? undefined : this.next();
  }

  private async next(): Promise<void> {
    await breathe();
    this.since = performance.now();
  }
}
