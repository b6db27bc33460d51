import { describe, expect, it } from '@jest/globals';
import { PACE_AHEAD_MS, paceCostMs, paceRoom } from './pace.js';

describe('the pace of an account', () => {
  it('costs a request the time that the slower of its two limits takes', () => {
    expect(paceCostMs({ requestsPerSecond: 5 }, 1000)).toBe(200);
    expect(paceCostMs({ recipientsPerSecond: 100 }, 1000)).toBe(10_000);
    expect(paceCostMs({ requestsPerSecond: 5, recipientsPerSecond: 100 }, 10)).toBe(200);
  });

  it.each([
    ['never used', null, 10],
    ['at rest', -5000, 10],
    ['half given out', PACE_AHEAD_MS / 2, 5],
    ['given out', PACE_AHEAD_MS, 0],
    ['far ahead, after a large request', 60_000, 0],
  ])('has room for few batches ahead of it: %s', (_, paceForMs, room) => {
    expect(paceRoom({ requestsPerSecond: 5 }, { paceForMs })).toBe(room);
  });

  it('lets a request through whose time is longer than what is given out', () => {
    expect(paceRoom({ requestsPerSecond: 0.1 }, { paceForMs: -1 })).toBe(1);
  });

  it('has room for all where there is no limit', () => {
    expect(paceRoom({}, { paceForMs: 60_000 })).toBe(Infinity);
  });
});
