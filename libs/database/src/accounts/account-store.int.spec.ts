import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aDatabase } from '@gateway/testing';
import type { Database } from '../database.js';
import { AccountStoreRepository } from './account-store.repository.js';

describe(AccountStoreRepository.name, () => {
  let database: Database;
  let stores: AccountStoreRepository;

  beforeAll(async () => {
    database = await aDatabase(10);
    stores = new AccountStoreRepository(database);
  });
  beforeEach(() => database.pool.query('DELETE FROM account_store'));
  afterAll(() => database.close());

  /** @param projects by account. */
  const claim = async (projects: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      await stores.claim(Object.entries(projects).map(([account, project]) => ({ account, project }))),
    );

  it('is one for all accounts of a project, and another for another project', async () => {
    expect(await claim({ sens: 'p', ncp: 'p', nhn: 'q' })).toEqual({ ncp: 'ncp', sens: 'ncp', nhn: 'nhn' });
  });

  it('stays when the account that it is named after is gone', async () => {
    await claim({ ncp: 'p', sens: 'p' });
    expect(await claim({ sens: 'p' })).toEqual({ sens: 'ncp' });
  });

  it('stays the first one when an account with an earlier name joins', async () => {
    await claim({ ncp: 'p' });
    expect(await claim({ abc: 'p', ncp: 'p' })).toEqual({ abc: 'ncp', ncp: 'ncp' });
  });

  it('stays when the keys of the project are replaced, one account after the other', async () => {
    await claim({ ncp: 'old', sens: 'old' });
    expect(await claim({ ncp: 'old', sens: 'new' })).toEqual({ ncp: 'ncp', sens: 'ncp' });
    expect(await claim({ ncp: 'new', sens: 'new' })).toEqual({ ncp: 'ncp', sens: 'ncp' });
  });

  it('is the same for processes that start at once', async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, () => claim({ b: 'p', a: 'p', c: 'p' })));
    expect(new Set(claims.map((found) => JSON.stringify(found)))).toEqual(new Set(['{"a":"a","b":"a","c":"a"}']));
  });
});
