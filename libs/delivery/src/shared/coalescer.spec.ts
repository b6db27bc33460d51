import { describe, expect, it } from '@jest/globals';
import { Coalescer } from './coalescer.js';

/** Work that ends when the test says so. */
class Bench {
  readonly seen: (readonly number[])[] = [];
  private readonly ends: (() => void)[] = [];
  private free = false;

  readonly work = async (items: readonly number[]): Promise<readonly string[]> => {
    this.seen.push(items);
    if (!this.free) await new Promise<void>((end) => this.ends.push(end));
    if (items.includes(13)) throw new Error('no thirteen');
    return items.map((item) => `done ${item}`);
  };

  endAll(): void {
    this.free = true;
    for (const end of this.ends) end();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe(Coalescer.name, () => {
  it('combines items that arrive together, and those that arrive while others are worked on', async () => {
    const bench = new Bench();
    const coalescer = new Coalescer(bench.work, { atOnce: 1, most: 100 });
    const first = [1, 2].map((n) => coalescer.run(n));
    await turn();
    const second = [3, 4, 5].map((n) => coalescer.run(n));
    await turn();
    expect(bench.seen).toEqual([[1, 2]]);
    bench.endAll();
    expect(await Promise.all([...first, ...second])).toEqual([1, 2, 3, 4, 5].map((n) => `done ${n}`));
    expect(bench.seen).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('has no more under way at a time, and none larger, than it may', async () => {
    const bench = new Bench();
    const coalescer = new Coalescer(bench.work, { atOnce: 2, most: 2 });
    const all: Promise<string>[] = [];
    for (const n of [1, 2, 3, 4, 5]) {
      all.push(coalescer.run(n));
      await turn();
    }
    expect(bench.seen).toEqual([[1], [2]]);
    bench.endAll();
    await Promise.all(all);
    expect(bench.seen.slice(2).map(({ length }) => length)).toEqual([2, 1]);
  });

  it('combines items up to the weight limit, and takes a heavy one alone', async () => {
    const bench = new Bench();
    const coalescer = new Coalescer(bench.work, { atOnce: 1, most: 100, weightOf: (n) => n, mostWeight: 10 });
    bench.endAll();
    await Promise.all([4, 5, 6, 50, 1].map((n) => coalescer.run(n)));
    expect(bench.seen).toEqual([[4, 5], [6], [50], [1]]);
  });

  it('fails only items that cannot be done', async () => {
    const bench = new Bench();
    const coalescer = new Coalescer(bench.work, { atOnce: 1, most: 100 });
    bench.endAll();
    const results = await Promise.allSettled([12, 13, 14].map((n) => coalescer.run(n)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await coalescer.run(15)).toBe('done 15');
  });
});
