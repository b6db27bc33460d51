import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeId } from '@gateway/core';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import { AccessRepository } from '../access/access.repository.js';
import { ProviderAccountRepository } from '../accounts/provider-account.repository.js';
import { QuotaRepository } from '../accounts/quota.repository.js';
import { StrandedAccountRepository } from '../accounts/stranded-account.repository.js';
import type { Database } from '../database.js';
import { ErasureRepository } from '../privacy/erasure.repository.js';
import { IntegrityRepository } from '../upkeep/integrity.repository.js';

describe('acts of the gateway itself', () => {
  let database: Database;
  let last: number;

  beforeAll(async () => {
    database = await aDatabase(12);
  });
  beforeEach(async () => {
    const { rows } = await database.pool.query<{ last: number }>(
      'SELECT coalesce(max(position), 0)::float8 AS last FROM audit_entry',
    );
    last = rows[0]?.last ?? 0;
  });
  afterAll(() => database.close());

  const acts = async (): Promise<readonly unknown[]> => {
    const { rows } = await database.pool.query<{ act: unknown }>(
      `SELECT jsonb_build_array(action, target, after) AS act FROM audit_entry
       WHERE position > $1 AND key_id IS NULL AND request_id IS NULL ORDER BY position`,
      [last],
    );
    return rows.map(({ act }) => act);
  };

  it('an account whose credentials are refused is paused once, and resumed once when they are accepted again', async () => {
    const accounts = new ProviderAccountRepository(database);
    const pause = () => accounts.pauseForCredentials('tried', 'refused: no such key', 1000);
    expect((await Promise.all([pause(), pause(), pause(), pause()])).filter(Boolean)).toHaveLength(1);
    await Promise.all([1, 2, 3].map(() => accounts.noteSuccess('tried')));
    expect(await acts()).toEqual([
      ['provider.pause', 'tried', { reason: 'refused: no such key' }],
      ['provider.resume', 'tried', { reason: 'the provider accepts requests again' }],
    ]);
  });

  it('a success ends no pause of an operator, and an account that only failed was not paused', async () => {
    const accounts = new ProviderAccountRepository(database);
    await accounts.pause('stopped', 'by hand', newUuid());
    for (const name of ['stopped', 'failed']) {
      await accounts.noteFailure(name, 'words', { threshold: 1, baseMs: 1, maxMs: 1 });
      await accounts.noteSuccess(name);
    }
    expect(await acts()).toEqual([]);
  });

  it('a quota that is used up, and one that has room again', async () => {
    const quota = new QuotaRepository(database);
    await Promise.all([quota.close('full'), quota.close('full')]);
    await Promise.all([quota.open('full'), quota.open('full')]);
    expect(await acts()).toEqual([
      ['provider.close_quota', 'full', null],
      ['provider.open_quota', 'full', null],
    ]);
  });

  it('an account that no process has any more, and that returns', async () => {
    const stranded = new StrandedAccountRepository(database);
    await stranded.noteConfigured(['lost', 'kept']);
    await database.pool.query(`UPDATE provider_account SET configured_at = now() - interval '1 hour'`);
    const others = (await database.pool.query<{ name: string }>(`SELECT name FROM provider_account`)).rows;
    const own = others.map(({ name }) => name).filter((name) => name !== 'lost');
    const found = await Promise.all([1, 2, 3].map(() => stranded.findStranded(own, 1000)));
    expect(found).toEqual([['lost'], ['lost'], ['lost']]);
    await stranded.noteConfigured(['lost']);
    expect(await acts()).toEqual([
      ['provider.strand', 'lost', null],
      ['provider.return', 'lost', null],
    ]);
  });

  it('a new key of the environment, and the one that it replaces', async () => {
    const access = new AccessRepository(database);
    const key = () => ({
      id: newUuid(),
      clientId: newUuid(),
      client: 'default',
      name: 'first key',
      hash: Buffer.from(newUuid()),
      scopes: ['admin'],
    });
    const [before, after] = [key(), key()];
    await access.replaceFirst(before);
    await access.replaceFirst(after);
    const [firstId, secondId] = [encodeId('apiKey', before.id), encodeId('apiKey', after.id)];
    expect(await acts()).toEqual([
      ['api_key.create', firstId, { name: 'first key' }],
      ['api_key.create', secondId, { name: 'first key' }],
      ['api_key.revoke', firstId, { replacedBy: secondId }],
    ]);
  });

  it('a batch that the doctor brings back', async () => {
    const { batchIds } = await new GivenRows(database).message();
    const [batchId = ''] = batchIds;
    const integrity = new IntegrityRepository(database, undefined as never);
    const { rows } = await database.pool.query<{ status: string }>('SELECT status FROM batch WHERE id = $1', [batchId]);
    const batch = { batchId, status: rows[0]?.status } as Parameters<IntegrityRepository['bringBack']>[0];
    expect(await integrity.bringBack(batch)).toBe(true);
    expect(await integrity.bringBack({ ...batch, status: 'settled' })).toBe(false);
    expect(await acts()).toEqual([['doctor.bring_back', encodeId('batch', batchId), null]]);
  });

  it('an erasure that is complete', async () => {
    const erasures = new ErasureRepository(database);
    const taken = { id: newUuid(), leaseToken: 1 } as unknown as Parameters<ErasureRepository['complete']>[1];
    await database.transaction((tx) =>
      erasures.complete(tx, taken, { completedAt: new Date(), remaining: [], mentions: null, sha256: 'ab' }),
    );
    expect(await acts()).toEqual([['erasure.complete', encodeId('erasure', taken.id), { sha256: 'ab' }]]);
  });
});
