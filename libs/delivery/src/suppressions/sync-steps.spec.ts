import { describe, expect, it } from '@jest/globals';
import type { ProviderSuppressions } from '@gateway/core';
import {
  NOTHING_SYNCED,
  type MissingCopy,
  type Queryable,
  type SuppressionCopyRepository,
  type SyncPass,
} from '@gateway/database';
import { steps } from './sync-steps.js';

const pass: SyncPass = {
  step: 'missing',
  provider: 'acme',
  whole: true,
  since: null,
  cursor: null,
  startedAt: new Date(),
  counts: NOTHING_SYNCED,
  leaseToken: 1,
  resumed: false,
};

/** Addresses that an account's list did not show, and those among them that it has all the same. */
async function lookFor(missing: readonly MissingCopy[], there: readonly string[]) {
  const done: Record<string, readonly string[]> = {};
  const note = (name: string) => (_tx: unknown, _provider: string, addresses: readonly string[]) => {
    done[name] = addresses;
    return Promise.resolve(addresses.length);
  };
  const copies = {
    findMissing: () => Promise.resolve(missing),
    takeOff: note('takenOff'),
    markSeen: note('seen'),
    forget: note('forgotten'),
  } as unknown as SuppressionCopyRepository;
  const asked: string[] = [];
  const has = (address: string): Promise<boolean> => {
    asked.push(address);
    return Promise.resolve(there.includes(address));
  };
  const part = { has } as unknown as ProviderSuppressions;
  const { next, write } = await steps.missing(pass, { part, copies, signal: new AbortController().signal });
  return { next, asked, counts: await write({} as Queryable), ...done };
}

describe('an address missing from the list of an account', () => {
  it('stays on ours when the page had shifted and the account still has it', async () => {
    const found = await lookFor([{ address: 'kim@example.com', ours: true }], ['kim@example.com']);
    expect(found).toMatchObject({ takenOff: [], seen: ['kim@example.com'], forgotten: [], counts: { removedHere: 0 } });
  });

  it('is removed from ours when the account confirms that it does not have it', async () => {
    const found = await lookFor([{ address: 'kim@example.com', ours: true }], []);
    expect(found).toMatchObject({ takenOff: ['kim@example.com'], seen: [], forgotten: ['kim@example.com'] });
  });

  it('is not looked up when it was registered there but never seen', async () => {
    const found = await lookFor([{ address: 'kim@example.com', ours: false }], []);
    expect(found).toMatchObject({ asked: [], takenOff: [], forgotten: ['kim@example.com'] });
  });

  it('is read to its end', async () => {
    expect((await lookFor([{ address: 'kim@example.com', ours: false }], [])).next).toEqual({
      step: 'missing',
      cursor: 'kim@example.com',
    });
    expect((await lookFor([], [])).next).toEqual({ step: 'add', cursor: null });
  });
});

describe('a page of the list of an account', () => {
  it('is taken over in normal form; invalid addresses are skipped and counted', async () => {
    const taken: string[] = [];
    const copies = {
      takeIn: (_tx: unknown, _provider: string, entries: readonly { address: string }[]) => {
        taken.push(...entries.map(({ address }) => address));
        return Promise.resolve(entries.length);
      },
    } as unknown as SuppressionCopyRepository;
    const addresses = [' Kim@EXAMPLE.com', 'lee@한국.com', '', 'nobody', 'a@my_host.example.com', 'a@b.com, c@d.com'];
    const list = () => Promise.resolve({ entries: addresses.map((address) => ({ address })) });
    const part = { list } as unknown as ProviderSuppressions;
    const { write } = await steps.read(pass, { part, copies, signal: new AbortController().signal });
    expect(await write({} as Queryable)).toEqual({ addedHere: 2, unreadableThere: 4 });
    expect(taken).toEqual(['Kim@example.com', 'lee@xn--3e0b707e.com']);
  });
});
