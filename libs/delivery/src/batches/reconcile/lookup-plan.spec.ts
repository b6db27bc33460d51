import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Timing } from '../../shared/timing.js';
import { absenceStart, isSettledAbsence, MIN_LOOKUPS, nextLookupMs } from './lookup-plan.js';

const timing = (more: Partial<Timing> = {}): Timing => ({
  pollIntervalMs: 5000,
  recoveryIntervalMs: 5000,
  providerTimeoutMs: 30_000,
  settleMs: 120_000,
  leaseMs: 60_000,
  retryBaseMs: 1000,
  retryMaxMs: 300_000,
  breakerFailures: 5,
  sentFinalMs: 1,
  expireMs: 1,
  ...more,
});
const at = (ms: number): Date => new Date(1_800_000_000_000 + ms);
const attempt = (startedMs: number, finishedMs?: number) => ({
  number: 1,
  marker: '',
  recipients: 1,
  startedAt: at(startedMs),
  finishedAt: finishedMs === undefined ? null : at(finishedMs),
});

describe(absenceStart.name, () => {
  it('is the end of the last request; of one whose worker is gone, the longest it can have taken', () => {
    expect(absenceStart([attempt(0, 10), attempt(50, 700)], timing())).toEqual(at(700));
    expect(absenceStart([attempt(0, 10), attempt(50)], timing())).toEqual(at(30_050));
    expect(absenceStart([attempt(0), attempt(50, 60)], timing())).toEqual(at(30_000));
  });
});

describe(isSettledAbsence.name, () => {
  const settled = (startedMs: number, lookups: number) =>
    isSettledAbsence({ startedAt: at(startedMs), lookups }, at(0), timing());

  it('wants three look-ups, the last of them begun after the settling time', () => {
    expect(settled(120_000, MIN_LOOKUPS - 1)).toBe(true);
    expect(settled(119_999, MIN_LOOKUPS - 1)).toBe(false);
    expect(settled(500_000, MIN_LOOKUPS - 2)).toBe(false);
    expect(settled(119_999, 1000)).toBe(false);
  });
});

describe(nextLookupMs.name, () => {
  it('leads to a settled absence: with enough look-ups, not before the settling time, not long after it', () => {
    const cases = fc.record({ settleMs: fc.nat({ max: 600_000 }), callMs: fc.nat({ max: 2000 }) });
    fc.assert(
      fc.property(cases, ({ settleMs, callMs }) => {
        const plan = timing({ settleMs });
        let now = 0;
        let lookups = 0;
        while (!isSettledAbsence({ startedAt: at(now), lookups }, at(0), plan)) {
          now += callMs;
          now += nextLookupMs({ startedAt: at(now), lookups }, at(0), plan);
          lookups += 1;
          expect(lookups).toBeLessThan(MIN_LOOKUPS + 3);
        }
        expect(now).toBeGreaterThanOrEqual(settleMs);
        expect(now).toBeLessThan(settleMs + (MIN_LOOKUPS + 1) * (callMs + 2));
      }),
    );
  });

  it.each([
    [0, 80_000],
    [1, 40_000],
    [2, 40_000],
    [3, 80_000],
  ])('leaves a request time to arrive when the clock jumps ahead after %d look-ups', (before, atLeastMs) => {
    const jumpMs = 3_600_000;
    let elapsed = 0;
    let lookups = 0;
    const lookup = () => ({ startedAt: at(elapsed + (lookups >= before ? jumpMs : 0)), lookups });
    while (!isSettledAbsence(lookup(), at(0), timing())) {
      const waitMs = nextLookupMs(lookup(), at(0), timing());
      lookups += 1;
      // A look-up that waits when the clock jumps is due at once.
      if (lookups !== before) elapsed += waitMs;
    }
    expect(elapsed).toBeGreaterThanOrEqual(atLeastMs);
    expect(elapsed).toBeGreaterThan(timing().providerTimeoutMs);
  });
});
