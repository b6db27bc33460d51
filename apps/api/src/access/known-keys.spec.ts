import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import type { KeyOwner } from '@gateway/database';
import { KnownKeys } from './known-keys.js';

const OWNER: KeyOwner = {
  keyId: 'k',
  clientId: 'c',
  clientName: 'shop',
  scopes: ['messages:write'],
  endsInMs: null,
  allowedIps: [],
  allowedFrom: [],
  allowedAccounts: [],
  needsRelease: false,
  requestsPerSecond: null,
  recipientsPerSecond: null,
};

/** The store: one key, until it is revoked. `slow` holds its answers back. */
function aStore() {
  const store = {
    asked: 0,
    revoked: false,
    slow: Promise.resolve(),
    async findOwners(hashes: readonly Buffer[]): Promise<readonly (KeyOwner | undefined)[]> {
      store.asked += 1;
      const answer = store.revoked ? undefined : { ...OWNER, endsInMs: store.endsInMs };
      await store.slow;
      return hashes.map(() => answer);
    },
    endsInMs: null as number | null,
  };
  return { store, keys: new KnownKeys(store) };
}

describe('a key', () => {
  it('is looked up once for many requests of a second, and again after it', async () => {
    const { store, keys } = aStore();
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    try {
      for (let i = 0; i < 5; i += 1) expect(await keys.findOwner('key')).toEqual(OWNER);
      expect(store.asked).toBe(1);
      store.revoked = true;
      now.mockReturnValue(1001);
      expect(await keys.findOwner('key')).toBeUndefined();
    } finally {
      now.mockRestore();
    }
  });

  it('is not remembered beyond its end', async () => {
    const { store, keys } = aStore();
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    try {
      store.endsInMs = 200;
      await keys.findOwner('key');
      store.revoked = true;
      now.mockReturnValue(199);
      expect(await keys.findOwner('key')).toMatchObject({ keyId: 'k' });
      now.mockReturnValue(201);
      expect(await keys.findOwner('key')).toBeUndefined();
    } finally {
      now.mockRestore();
    }
  });

  it('stops working here at once when it is revoked', async () => {
    const { store, keys } = aStore();
    await keys.findOwner('key');
    store.revoked = true;
    keys.forget('k');
    expect(await keys.findOwner('key')).toBeUndefined();
  });

  it('is not remembered by a look-up that was under way when it was revoked', async () => {
    const { store, keys } = aStore();
    let release: () => void = () => undefined;
    store.slow = new Promise((resolve) => (release = resolve));
    const before = keys.findOwner('key');
    // The look-up has to be under way.
    await turn();
    store.revoked = true;
    keys.forget('k');
    release();
    expect(await before).toEqual(OWNER);
    expect(await keys.findOwner('key')).toBeUndefined();
  });

  it('that is unknown is looked up each time: it may be made meanwhile', async () => {
    const { store, keys } = aStore();
    store.revoked = true;
    expect(await keys.findOwner('key')).toBeUndefined();
    store.revoked = false;
    expect(await keys.findOwner('key')).toEqual(OWNER);
  });
});
