import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { PaceGrant, PaceWish } from '@gateway/database';
import { SharedPace } from './shared-pace.js';

/** One second after the other, and what is taken of each: the function `take_pace` in small. */
function aRate(most: number) {
  const rate = { now: 0, used: 0, asked: 0, since: 0 };
  const take = async ({ owed, needed, wanted }: PaceWish): Promise<PaceGrant> => {
    rate.asked += 1;
    const seconds = Math.floor((rate.now - rate.since) / 1000);
    rate.used = Math.max(0, rate.used - seconds * most) + owed;
    rate.since += seconds * 1000;
    const granted = rate.used + needed <= most ? Math.max(needed, Math.min(wanted, most - rate.used)) : 0;
    rate.used += granted;
    await turn();
    return { granted, remaining: Math.max(0, most - rate.used), endsInMs: rate.since + 1000 - rate.now };
  };
  const api = () => new SharedPace({ keyId: 'k', kind: 'requests', most }, take, () => rate.now);
  return { rate, api };
}

describe(SharedPace.name, () => {
  it('lets ten apis together through as many as the rate says, and asks for few of them', async () => {
    const { rate, api } = aRate(640);
    const apis = Array.from({ length: 10 }, api);
    let allowed = 0;
    for (rate.now = 0; rate.now < 10_000; rate.now += 10) {
      // Twice as many as may.
      const answers = await Promise.all(
        apis.flatMap((each) => (rate.now % 20 === 0 ? [1, 2] : [1]).map(() => each.allows(1))),
      );
      allowed += answers.filter(Boolean).length;
      await turn();
    }
    expect(allowed).toBeGreaterThan(6400 * 0.95);
    expect(allowed).toBeLessThan(6400 * 1.05);
    expect(rate.asked).toBeLessThan(allowed * 0.25);
  });

  it('lets hardly anybody wait for the database while there is room', async () => {
    const { rate, api } = aRate(640);
    const only = api();
    await only.allows(1);
    let waited = 0;
    for (rate.now = 20; rate.now < 5000; rate.now += 20) {
      const answer = only.allows(1);
      if (answer !== true) waited += 1;
      expect(await answer).toBe(true);
      await turn();
      await turn();
    }
    // The first ones of the first second, when nobody knows yet how many come.
    expect(waited).toBeLessThanOrEqual(5);
    expect(rate.asked).toBeLessThan(60);
  });

  it('lets through exactly a small rate', async () => {
    const { rate, api } = aRate(2);
    const apis = [api(), api(), api()];
    for (rate.now = 0; rate.now < 3000; rate.now += 1000) {
      const answers = await Promise.all(apis.flatMap((each) => [each.allows(1), each.allows(1)]));
      expect(answers.filter(Boolean)).toHaveLength(2);
    }
  });

  it('fails those who wait when the database does, and asks again for the next', async () => {
    let fails = true;
    const take = async (): Promise<PaceGrant> => {
      if (fails) throw new Error('away');
      return { granted: 1, remaining: 0, endsInMs: 1000 };
    };
    const pace = new SharedPace({ keyId: 'k', kind: 'requests', most: 1 }, take, () => 5);
    await expect(Promise.all([pace.allows(1), pace.allows(1)])).rejects.toThrow('away');
    fails = false;
    expect(await pace.allows(1)).toBe(true);
  });
});
