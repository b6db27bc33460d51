import { describe, expect, it } from '@jest/globals';
import type { Waiting } from '@gateway/database';
import { Backlog } from './backlog.js';

const LIMITS = { maxWaitingBatches: 10, maxWaitingRecipients: 0 };
const never = (): Promise<Waiting> => new Promise(() => undefined);

describe(Backlog.name, () => {
  it('is full above a limit; 0 is none', async () => {
    const of = (batches: number, recipients: number) => async () => ({ batches, recipients });
    expect(await new Backlog(of(10, 5_000_000), LIMITS).isFull()).toBe(false);
    expect(await new Backlog(of(11, 11), LIMITS).isFull()).toBe(true);
    expect(await new Backlog(of(0, 11), { maxWaitingBatches: 0, maxWaitingRecipients: 10 }).isFull()).toBe(true);
    expect(await new Backlog(never, { maxWaitingBatches: 0, maxWaitingRecipients: 0 }).isFull()).toBe(false);
  });

  it('is looked up once for all who ask together', async () => {
    let looks = 0;
    const backlog = new Backlog(async () => ({ batches: (looks += 1) * 100, recipients: 0 }), LIMITS);
    expect(await Promise.all([1, 2, 3].map(() => backlog.isFull()))).toEqual([true, true, true]);
    expect(await backlog.isFull()).toBe(true);
    expect(looks).toBe(1);
  });

  it('refuses nothing because a look failed, and does not repeat that at once', async () => {
    let looks = 0;
    const backlog = new Backlog(async () => {
      looks += 1;
      throw new Error('away');
    }, LIMITS);
    for (let request = 0; request < 10; request += 1) expect(await backlog.isFull()).toBe(false);
    expect(looks).toBe(1);
  });
});
