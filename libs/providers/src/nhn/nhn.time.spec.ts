import { describe, expect, it } from '@jest/globals';
import { outside, possibleTimes, timeReader, writeTime } from './nhn.time.js';

describe('times of NHN', () => {
  it('writes Korean time', () => {
    expect(writeTime(new Date('2026-11-20T15:30:05.999Z'))).toBe('2026-11-21 00:30:05');
  });

  it.each(['2026-11-21 00:30:05', '2026-11-21 00:30:05.0'])('reads %s both ways', (text) => {
    expect(possibleTimes(text).map((at) => at.toISOString())).toEqual([
      '2026-11-20T15:30:05.000Z',
      '2026-11-21T00:30:05.000Z',
    ]);
  });

  it('reads a time without seconds', () => {
    expect(possibleTimes('2026-11-21 00:30')[1]?.toISOString()).toBe('2026-11-21T00:30:00.000Z');
  });

  it.each([null, undefined, '', 'yesterday', '2026-11-21T00:30:05Z'])('takes %p for unreadable', (text) => {
    expect(possibleTimes(text)).toEqual([]);
    expect(outside(text, { from: new Date(0), to: new Date() })).toBe(Infinity);
  });

  it.each([
    ['2026-11-21 00:30:05', '2026-11-20T15:29:00Z'],
    ['2026-11-20 15:30:05', '2026-11-20T15:29:00Z'],
    ['2026-11-20 15:30:05', '2026-11-20T17:00:00Z'],
  ])('infers the zone from a request of %s that was taken about %s', (requestDate, about) => {
    expect(timeReader(requestDate, new Date(about))(requestDate)?.toISOString()).toBe('2026-11-20T15:30:05.000Z');
  });

  it('measures how far a time is outside of a window', () => {
    const window = { from: new Date('2026-11-20T15:30:00Z'), to: new Date('2026-11-20T15:31:00Z') };
    expect(outside('2026-11-21 00:30:30', window)).toBe(0);
    expect(outside('2026-11-21 00:32:00', window)).toBe(60_000);
    expect(outside('2026-11-20 15:29:58', window)).toBe(2000);
  });
});
