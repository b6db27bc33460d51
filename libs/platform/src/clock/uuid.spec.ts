import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from './clock.js';
import { newUuid, takeIdsFrom } from './uuid.js';

const HOUR = 3_600_000;
const timeOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

describe(newUuid.name, () => {
  afterEach(() => takeIdsFrom(systemClock));

  it('is of the time of the clock that was named, not of this machine', () => {
    const at = Date.now() + 2 * HOUR;
    takeIdsFrom({ now: () => new Date(at) });
    expect(timeOf(newUuid())).toBe(at);
  });

  it('grows with every call, within one millisecond too', () => {
    const at = Date.now();
    takeIdsFrom({ now: () => new Date(at) });
    const ids = Array.from({ length: 1000 }, newUuid);
    expect(ids).toEqual([...new Set(ids)].sort());
  });
});
