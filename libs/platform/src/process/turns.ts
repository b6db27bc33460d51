import { setImmediate as breathe } from 'node:timers/promises';

/** Milliseconds of work after which others have their turn; the work of one entry comes on top. */
const TURN_MS = 15;

/**
 * Cuts work on many entries into turns of the event loop, so that one large body does not hold up everybody else's
 * requests. To be asked between entries.
 */
export class Turns {
  private since = performance.now();

  /** @returns a promise only when it is somebody else's turn: most entries need not wait. */
  rest(): Promise<void> | undefined {
    return performance.now() - this.since < TURN_MS ? undefined : this.next();
  }

  private async next(): Promise<void> {
    await breathe();
    this.since = performance.now();
  }
}
