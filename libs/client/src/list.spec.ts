import { describe, expect, it, jest } from '@jest/globals';
import { List } from './list.js';
import type { Page } from './types.js';

const pages: Readonly<Record<string, Page<number>>> = {
  first: { data: [1, 2], nextCursor: 'b' },
  b: { data: [3], nextCursor: 'c' },
  c: { data: [], nextCursor: null },
};

const aList = (of = pages) => {
  const load = jest.fn(async (cursor: string | undefined) => of[cursor ?? 'first'] as Page<number>);
  return { list: new List(load), load };
};

describe(List.name, () => {
  it('asks for nothing until it is used', () => expect(aList().load).not.toHaveBeenCalled());

  it('gives one page when it is awaited, and asks once', async () => {
    const { list, load } = aList();
    expect(await list).toEqual({ data: [1, 2], nextCursor: 'b' });
    await list;
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('gives every entry of every page', async () => {
    expect(await aList().list.toArray()).toEqual([1, 2, 3]);
  });

  it('asks for no more pages than are read', async () => {
    const { list, load } = aList();
    expect(await list.toArray(2)).toEqual([1, 2]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('ends where a cursor does not move', async () => {
    const { list } = aList({ first: { data: [1], nextCursor: 'b' }, b: { data: [2], nextCursor: 'b' } });
    expect(await list.toArray()).toEqual([1, 2]);
  });

  it('ends at an empty page, as the feed does', async () => {
    const { list } = aList({ first: { data: [1], nextCursor: 'b' }, b: { data: [], nextCursor: 'c' } });
    expect(await list.toArray()).toEqual([1]);
  });

  it('throws what a page threw', async () => {
    const list = new List(() => Promise.reject(new Error('no page')));
    await expect(list).rejects.toThrow('no page');
    await expect(list.toArray()).rejects.toThrow('no page');
  });
});
