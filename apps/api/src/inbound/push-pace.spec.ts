import { describe, expect, it } from '@jest/globals';
import { PushPace } from './push-pace.js';

const LIMITS = { pushesPerSecond: 10, pushesAtOnce: 3, bytesPerSecond: 1000, bytesAtOnce: 500 };

describe(PushPace.name, () => {
  function aPace() {
    let now = 0;
    const pace = new PushPace(LIMITS, () => now);
    const enters = (account = 'one'): boolean => {
      try {
        pace.enter(account);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
        return false;
      }
    };
    return { pace, enters, pass: (ms: number) => void (now += ms) };
  }

  it('takes some pushes at once, and then so many per second', () => {
    const { enters, pass } = aPace();
    expect([enters(), enters(), enters(), enters()]).toEqual([true, true, true, false]);
    pass(100);
    expect([enters(), enters()]).toEqual([true, false]);
    pass(60_000);
    expect([enters(), enters(), enters(), enters()]).toEqual([true, true, true, false]);
  });

  it('refuses pushes for as long as large ones have used up the bytes', () => {
    const { pace, enters, pass } = aPace();
    expect(enters()).toBe(true);
    pace.count('one', 1500);
    pass(900);
    expect(enters()).toBe(false);
    pass(200);
    expect(enters()).toBe(true);
  });

  it('counts each account by itself', () => {
    const { enters } = aPace();
    [1, 2, 3].forEach(() => enters('one'));
    expect([enters('one'), enters('two')]).toEqual([false, true]);
  });
});
