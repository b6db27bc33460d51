import { describe, expect, it } from '@jest/globals';
import { setImmediate as breathe } from 'node:timers/promises';
import { Turns, type Work } from './turns.js';

const LIMITS = { ordinary: () => 4, reserve: 1, perClient: 3, patienceMs: 10_000 };
const work = (client: string, more: Partial<Work> = {}): Work => ({ client, urgency: 'ordinary', weight: 1, ...more });

/** Everybody who came, in the order of their turns. */
function aQueue(limits = LIMITS) {
  const turns = new Turns(limits);
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const come = (name: string, what: Work, signal?: AbortSignal): void =>
    void turns.take(what, signal).then((end) => {
      if (typeof end === 'string') return void order.push(`${name}: ${end}`);
      order.push(name);
      ends.push(end);
    });
  return { turns, order, come, endFirst: () => ends.shift()?.() };
}

describe(Turns.name, () => {
  it('serves clients in rotation, however many requests one of them has', async () => {
    const { order, come, endFirst } = aQueue();
    for (let i = 1; i <= 10; i += 1) come(`shop ${i}`, work('shop'));
    come('billing 1', work('billing'));
    come('billing 2', work('billing'));
    await breathe();
    expect(order).toEqual(['shop 1', 'shop 2', 'shop 3', 'billing 1']);
    for (let i = 0; i < 3; i += 1) {
      endFirst();
      await breathe();
    }
    expect(order.indexOf('billing 2')).toBeLessThan(6);
    expect(order).toHaveLength(7);
  });

  it('has a reserve for what is urgent, and serves it first', async () => {
    const { order, come, endFirst } = aQueue();
    for (const client of ['a', 'a', 'b', 'b', 'c', 'c']) come(client, work(client));
    come('login 1', work('d', { urgency: 'urgent' }));
    come('login 2', work('d', { urgency: 'urgent' }));
    await breathe();
    expect(order).toEqual(['a', 'a', 'b', 'b', 'login 1']);
    endFirst();
    await breathe();
    expect(order.at(-1)).toBe('login 2');
  });

  it('counts heavy work as several turns, and lets it pass when nothing else is done', async () => {
    const { turns, order, come, endFirst } = aQueue();
    come('import', work('shop', { weight: 9 }));
    come('mail', work('billing'));
    await breathe();
    expect(order).toEqual(['import']);
    endFirst();
    await breathe();
    endFirst();
    expect([order, turns.count]).toEqual([['import', 'mail'], 0]);
  });

  it('says who is in the way when the patience is over', async () => {
    const turns = new Turns({ ...LIMITS, perClient: 1, patienceMs: 20 });
    const end = await turns.take(work('shop'));
    expect(await turns.take(work('shop'))).toBe('client');
    for (const client of ['b', 'c', 'd']) await turns.take(work(client));
    expect(await turns.take(work('e'))).toBe('all');
    if (typeof end === 'function') end();
    expect(await turns.take(work('e'))).toEqual(expect.any(Function));
  });

  it('forgets a caller who hangs up while it waits', async () => {
    const { turns, order, come, endFirst } = aQueue({ ...LIMITS, ordinary: () => 1 });
    const gone = new AbortController();
    come('first', work('shop'));
    come('second', work('billing'), gone.signal);
    come('third', work('news'));
    gone.abort();
    await breathe();
    endFirst();
    await breathe();
    endFirst();
    expect(order).toEqual(['first', 'second: all', 'third']);
    expect(turns.count).toBe(0);
  });
});
