import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Seldom } from './seldom.js';

describe('Seldom', () => {
  it('reads once for all who ask meanwhile, and again when the answer is old', async () => {
    let readings = 0;
    const seldom = new Seldom(async () => (readings += 1), { forMs: 0, forTimesItsCost: 0 });
    expect(await Promise.all([seldom.get(), seldom.get()])).toEqual([1, 1]);
    expect(await seldom.get()).toBe(2);
  });

  it('keeps an answer for as long as it cost, many times', async () => {
    let readings = 0;
    const slow = async (): Promise<number> => {
      await sleep(20);
      return (readings += 1);
    };
    const seldom = new Seldom(slow, { forMs: 0, forTimesItsCost: 1000 });
    expect([await seldom.get(), await seldom.get()]).toEqual([1, 1]);
  });

  it('does not keep a failure', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve('there')];
    answers[0]?.catch(() => undefined);
    const seldom = new Seldom(() => answers.shift() ?? Promise.resolve('none'), { forMs: 60_000, forTimesItsCost: 1 });
    await expect(seldom.get()).rejects.toThrow('away');
    expect(await seldom.get()).toBe('there');
  });
});
