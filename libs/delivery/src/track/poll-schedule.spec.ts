import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Timing } from '../timing.js';
import { aftercareMs, nextPollMs } from './poll-schedule.js';

const timing = { pollIntervalMs: 5000, sentFinalMs: 72 * 3_600_000 } as Timing;
const age = fc.nat({ max: 7 * 86_400_000 });

describe(nextPollMs.name, () => {
  it('is soon for what moves, later with age for what does not, within bounds', () => {
    fc.assert(
      fc.property(age, (ageMs) => {
        expect(nextPollMs(ageMs, true, timing)).toBe(5000);
        const still = nextPollMs(ageMs, false, timing);
        expect(still).toBeGreaterThanOrEqual(5000);
        expect(still).toBeLessThanOrEqual(1_800_000);
        expect(nextPollMs(ageMs + 1000, false, timing)).toBeGreaterThanOrEqual(still);
      }),
    );
  });
});

describe(aftercareMs.name, () => {
  it('comes seldom, and ends', () => {
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
