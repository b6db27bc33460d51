import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { freshDatabase } from '@gateway/testing';
import { Database } from '../database.js';
import { AccessRepository } from './access.repository.js';
import type { FirstKeyChange } from './api-key-rows.js';

describe('keys in the database', () => {
  let database: Database;
  let access: AccessRepository;

  beforeAll(async () => {
    const onError = (error: Error): void => {
      throw error;
    };
    database = new Database({ url: await freshDatabase(), connections: 12, applicationName: 'spec', onError });
    access = new AccessRepository(database);
  }, 120_000);
  beforeEach(() => database.pool.query('DELETE FROM api_key'));
  afterAll(() => database?.close());

  const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();
  const rowOf = (key: string, scopes: readonly string[]) => ({
    id: newUuid(),
    clientId: newUuid(),
    client: 'default',
    name: 'first key',
    hash: hashOf(key),
    scopes,
  });
  const start = (key: string): Promise<FirstKeyChange> => access.replaceFirst(rowOf(key, ['admin']));
  const works = async (key: string): Promise<boolean> => (await access.findOwners([hashOf(key)]))[0] !== undefined;
  const make = (scopes: readonly string[], key = randomBytes(8).toString('hex')) =>
    access.insert(database.pool, rowOf(key, scopes));

  it('the first key is made once, and its successor replaces it and no other', async () => {
    const other = randomBytes(8).toString('hex');
    await make(['admin'], other);
    expect(await start('old')).toEqual({ usable: true, replaced: [] });
    expect(await start('old')).toEqual({ usable: true, replaced: [] });
    expect(await start('new')).toMatchObject({ usable: true, replaced: [expect.any(String)] });
    expect([await works('old'), await works('new'), await works(other)]).toEqual([false, true, true]);
  });

  it('a first key that was replaced works again when the environment goes back to it', async () => {
    for (const key of ['old', 'new', 'old']) await start(key);
    expect([await works('old'), await works('new')]).toEqual([true, false]);
  });

  it('a first key that a caller has revoked stays revoked, and replaces nothing', async () => {
    const { id: admin } = await make(['admin']);
    await start('leaked');
    const [leaked] = await access.findOwners([hashOf('leaked')]);
    expect(await access.revoke(leaked?.keyId ?? '', admin)).toBe('revoked');
    expect(await start('leaked')).toEqual({ usable: false, replaced: [] });
    await start('next');
    await start('leaked');
    expect([await works('leaked'), await works('next')]).toEqual([false, true]);
  });

  it('of processes that start at once with the same key, or with different ones, exactly one first key is left', async () => {
    await Promise.all(Array.from({ length: 10 }, () => start('same')));
    expect(await works('same')).toBe(true);
    await Promise.all(['a', 'b', 'c', 'd'].flatMap((key) => [start(key), start(key)]));
    const left = await Promise.all(['a', 'b', 'c', 'd', 'same'].map(works));
    expect(left.filter(Boolean)).toHaveLength(1);
  });

  it('does not revoke the last admin key, even when all are revoked at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 6 }, () => make(['admin'])));
    await make(['messages:read']);
    const ends = await Promise.all(keys.map(({ id }, i) => access.revoke(id, keys[(i + 1) % 6]?.id ?? '')));
    expect(ends.toSorted()).toEqual(['last_admin', ...Array.from({ length: 5 }, () => 'revoked')]);
    expect(await access.revoke(newUuid(), newUuid())).toBe('unknown');
  });
});
