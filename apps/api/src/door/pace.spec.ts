import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { GatewayProblem } from '@gateway/core';
import { paced, type PaceRules } from './pace.js';

const rules: PaceRules = { uploadStallMs: 100, uploadDeadlineMs: 1000 };
/** In one stretch the least rate asks for a little more than 800 bytes. */
const ENOUGH = Buffer.alloc(900);

async function* pieces(piece: Buffer, pauseMs: number, count = Infinity): AsyncGenerator<Buffer> {
  for (let i = 0; i < count; i += 1) {
    await sleep(pauseMs, undefined, { ref: false });
    yield piece;
  }
}

async function read(body: AsyncIterable<Buffer>, workMs = 0): Promise<number | string> {
  let bytes = 0;
  try {
    for await (const chunk of paced(body, rules)) {
      bytes += chunk.length;
      if (workMs > 0) await sleep(workMs);
    }
    return bytes;
  } catch (error) {
    return error instanceof GatewayProblem ? `${error.status} ${error.detail}` : String(error);
  }
}

describe(paced.name, () => {
  const started = (): (() => number) => {
    const at = performance.now();
    return () => performance.now() - at;
  };

  it('gives up who falls silent, and who trickles', async () => {
    const took = started();
    expect(await read(pieces(ENOUGH, 60_000, 1))).toMatch(/^408 .*less than/);
    expect(await read(pieces(Buffer.from('x'), 10))).toMatch(/^408 .*less than/);
    expect(took()).toBeLessThan(20_000);
  });

  it('lets a slow one go on as long as it keeps the least rate, up to the deadline', async () => {
    expect(await read(pieces(ENOUGH, 50, 10))).toBe(10 * ENOUGH.length);
    const took = started();
    expect(await read(pieces(ENOUGH, 50))).toMatch(/^408 .*within 1000 ms/);
    expect(took()).toBeGreaterThan(990);
  });

  it('does not count the time that the work takes', async () => {
    expect(await read(pieces(Buffer.from('x'), 0, 3), 500)).toBe(3);
  });

  it('hands large pieces on in small ones, others having their turn before each', async () => {
    const sizes: number[] = [];
    let turns = 0;
    let reading = true;
    const others = (async () => {
      for (; reading; turns += 1) await turn();
    })();
    for await (const piece of paced(pieces(Buffer.alloc(100_000), 0, 1), rules)) {
      sizes.push(piece.length);
      expect(turns).toBeGreaterThanOrEqual(sizes.length - 1);
    }
    reading = false;
    await others;
    expect(sizes).toEqual([...Array.from({ length: 6 }, () => 16_384), 1696]);
  });

  it('hands on why a body broke', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield ENOUGH;
      throw new Error('cut off');
    };
    expect(await read(broken())).toBe('Error: cut off');
  });
});
