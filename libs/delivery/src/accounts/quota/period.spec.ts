import { describe, expect, it } from '@jest/globals';
import { msUntilNextPeriod } from './period.js';

describe(msUntilNextPeriod.name, () => {
  it.each([
    ['month', 'Asia/Seoul', '2026-11-30T14:59:59Z', '2026-11-30T15:00:00Z'],
    ['month', 'Asia/Seoul', '2026-11-30T15:00:00Z', '2026-12-31T15:00:00Z'],
    ['day', 'Asia/Seoul', '2026-11-20T14:59:59.250Z', '2026-11-20T15:00:00Z'],
    ['day', 'UTC', '2026-12-31T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['day', 'America/New_York', '2026-03-08T06:00:00Z', '2026-03-09T04:00:00Z'],
    ['day', 'America/New_York', '2026-11-01T05:00:00Z', '2026-11-02T05:00:00Z'],
    ['month', 'America/New_York', '2026-10-31T12:00:00Z', '2026-11-01T04:00:00Z'],
  ] as const)('of a %s in %s, at %s, is %s', (per, timeZone, now, end) => {
    const at = new Date(now);
    expect(new Date(at.getTime() + msUntilNextPeriod(at, { per, timeZone }))).toEqual(new Date(end));
  });
});
