import { setImmediate as breathe } from 'node:timers/promises';
import { GatewayProblem } from '@gateway/core';
import type { DoorLimits } from '@gateway/platform';

/** Slower than any line that is worth the name; a stream of recipients has some 100 bytes for each. */
const LEAST_BYTES_PER_SECOND = 8 * 1024;

/** A piece of recipients takes a millisecond or two: as long as a login code may have to wait for each of its turns. */
const PIECE_BYTES = 16 * 1024;

export type PaceRules = Pick<DoorLimits, 'uploadDeadlineMs' | 'uploadStallMs'>;

/**
 * Hands a body on as it comes, and gives up an uploader who is too slow: behind a stream stands an open transaction,
 * behind any body the memory that it has. Only the time that is spent waiting for the uploader counts, not the time
 * that the work takes. @throws GatewayProblem 408
 */
export async function* paced(body: AsyncIterable<Buffer>, rules: PaceRules): AsyncGenerator<Buffer> {
  const pieces = body[Symbol.asyncIterator]();
  const pace = new Pace(rules);
  try {
    for (;;) {
      const piece: IteratorResult<Buffer, unknown> = await pace.wait(pieces.next());
      if (piece.done) return;
      pace.count(piece.value.length);
      for (let from = 0; from < piece.value.length; from += PIECE_BYTES) {
        // In a turn of its own: what is made of it must not keep the sockets of others from being read.
        await breathe();
        yield piece.value.subarray(from, from + PIECE_BYTES);
      }
    }
  } finally {
    // Not waited for: an uploader who is too slow keeps it waiting for his next piece.
    pieces.return?.().catch(() => undefined);
  }
}

class Pace {
  private leftMs: number;
  private windowLeftMs: number;
  private windowBytes = 0;

  constructor(private readonly rules: PaceRules) {
    this.leftMs = rules.uploadDeadlineMs;
    this.windowLeftMs = rules.uploadStallMs;
  }

  count(bytes: number): void {
    this.windowBytes += bytes;
  }

  async wait<T>(piece: Promise<T>): Promise<T> {
    for (;;) {
      const { came, ms } = await within(piece, Math.min(this.leftMs, this.windowLeftMs));
      this.spend(ms);
      if (came) return piece;
    }
  }

  /** In every stretch of `uploadStallMs` the least rate has to be kept on average. */
  private spend(ms: number): void {
    this.leftMs -= ms;
    this.windowLeftMs -= ms;
    if (this.leftMs <= 0) throw tooSlow(`did not come within ${this.rules.uploadDeadlineMs} ms`);
    if (this.windowLeftMs > 0) return;
    const least = (LEAST_BYTES_PER_SECOND * this.rules.uploadStallMs) / 1000;
    if (this.windowBytes < least) throw tooSlow(`came at less than ${LEAST_BYTES_PER_SECOND} bytes a second`);
    this.windowLeftMs = this.rules.uploadStallMs;
    this.windowBytes = 0;
  }
}

/** Waits for the piece, but not longer than this. @returns whether it came, and how long that took. */
async function within(piece: Promise<unknown>, ms: number): Promise<{ readonly came: boolean; readonly ms: number }> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, Math.ceil(ms), false)));
  try {
    const came = await Promise.race([piece.then(() => true), late]);
    return { came, ms: came ? performance.now() - started : Math.max(ms, performance.now() - started) };
  } finally {
    clearTimeout(timer);
  }
}

const tooSlow = (how: string): GatewayProblem =>
  new GatewayProblem('request_timeout', `The body ${how}; nothing of it was kept.`, {
    // A slow uploader would stay slow.
    headers: { connection: 'close' },
  });
