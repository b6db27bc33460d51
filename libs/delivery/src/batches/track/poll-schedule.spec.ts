import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Timing } from '../../shared/timing.js';
import { aftercareMs, firstPollMs, nextPollMs } from './poll-schedule.js';

const timing = { pollIntervalMs: 5000, sentFinalMs: 72 * 3_600_000 } as Timing;
const age = fc.nat({ max: 7 * 86_400_000 });

describe(nextPollMs.name, () => {
  it('is soon for requests that move, later with age for others, within bounds', () => {
    fc.assert(
      fc.property(age, (ageMs) => {
        expect(nextPollMs(ageMs, { moved: true, tookMs: 9000, recipientCount: 1000 }, timing)).toBe(5000);
        const quiet = { moved: false, tookMs: 1, recipientCount: 1 };
        const still = nextPollMs(ageMs, quiet, timing);
        expect(still).toBeGreaterThanOrEqual(5000);
        expect(still).toBeLessThanOrEqual(1_800_000);
        expect(nextPollMs(ageMs + 1000, quiet, timing)).toBeGreaterThanOrEqual(still);
      }),
    );
  });

  it('is rarer where a poll takes long and finds nothing', () => {
    const after = (tookMs: number): number => nextPollMs(0, { moved: false, tookMs, recipientCount: 0 }, timing);
    expect([10, 250, 1000, 60_000].map(after)).toEqual([5000, 5000, 20_000, 120_000]);
  });
});

describe('a large request', () => {
  it('is asked about later, and less often while nothing moves', () => {
    const sizes = [0, 500, 1000, 100_000];
    expect(sizes.map((n) => firstPollMs(n, timing))).toEqual([5000, 7500, 10_000, 10_000]);
    const after = (recipientCount: number): number =>
      nextPollMs(0, { moved: false, tookMs: 1, recipientCount }, timing);
    expect(sizes.map(after)).toEqual([5000, 12_500, 20_000, 20_000]);
  });
});

describe(aftercareMs.name, () => {
  it('is rare, and ends', () => {
    let polls = 0;
    for (let ageMs = 0; ; polls += 1) {
      const next = aftercareMs(ageMs, timing);
      if (next === undefined) break;
      expect(next).toBeGreaterThanOrEqual(60_000);
      ageMs += next;
    }
    expect(polls).toBeGreaterThan(3);
    expect(polls).toBeLessThan(10);
  });
});
