import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { freshDatabase } from '@gateway/testing';
import { hashKeys, expectHashKeys } from '../connections/hash-keys.js';
import { Database } from '../database.js';
import { isHashKeyMissing } from '../errors/hash-key-missing.js';
import { SuppressionRepository } from '../suppressions/suppression.repository.js';
import { ErasePersonRepository } from './erase-person.repository.js';

const onError = (error: Error): void => {
  throw error;
};
const [older, newer] = [randomBytes(32), randomBytes(48)];

describe('the keys of the hashes of erased addresses', () => {
  let url: string;
  const open: Database[] = [];
  beforeAll(async () => void (url = await freshDatabase()));
  afterAll(async () => void (await Promise.all(open.map((database) => database.close()))));

  /** A process with some keys, the first of which makes new hashes. */
  function processWith(...erasureKeys: readonly Buffer[]) {
    const database = new Database({ url, connections: 2, applicationName: 'test', erasureKeys, onError });
    open.push(database);
    const suppressions = new SuppressionRepository(database);
    const person = new ErasePersonRepository(database);
    return {
      database,
      suppress: (address: string, reason = 'asked') =>
        database.transaction((tx) =>
          suppressions.add(tx, { addresses: [address], scope: 'marketing', reason, source: 'api' }),
        ),
      erase: (...addresses: readonly string[]) => database.transaction((tx) => person.hashSuppressions(tx, addresses)),
      blocks: async (address: string) => (await suppressions.findSuppressed([address], 'marketing')).length > 0,
      remove: (address: string) => suppressions.remove(address, '01890000-0000-7000-8000-000000000000'),
    };
  }
  it('are not in the database: nothing there allows trying an address', async () => {
    const gateway = processWith(older);
    await gateway.suppress('kim@example.com');
    expect(await gateway.erase('kim@example.com')).toBe(1);
    expect(await gateway.blocks('kim@example.com')).toBe(true);
    expect(await gateway.blocks('lee@example.com')).toBe(false);
    const { rows: secrets } = await gateway.database.pool.query('SELECT FROM erasure_secret');
    expect(secrets).toEqual([]);
    const { rows } = await gateway.database.pool.query<{ address: string; id: string }>(
      'SELECT s.address, k.id FROM suppression s, erasure_key k WHERE hashed',
    );
    expect(rows).toEqual([
      { address: expect.stringMatching(/^#[0-9a-f]{8}\.[0-9a-f]{64}$/), id: hashKeys([older]).slice(0, 8) },
    ]);
    // A reader of a dump could try the id as a key, or no key.
    const of = (key: string | Buffer): string => {
      const inner = createHash('sha256').update(key).update('kim@example.com').digest();
      return createHash('sha256').update(key).update(inner).digest('hex');
    };
    const tried = ['', rows[0]?.id ?? '', Buffer.from(rows[0]?.id ?? '', 'hex')].map(of);
    for (const hash of tried) expect(rows[0]?.address).not.toContain(hash);
  });

  it('are not shown to those who may see the statements of others', async () => {
    const gateway = processWith(older);
    await gateway.database.pool.query('SELECT 1');
    const { rows } = await processWith().database.pool.query<{ query: string }>('SELECT query FROM pg_stat_activity');
    const [, secret = '?'] = hashKeys([older]).split(':');
    expect(rows.filter(({ query }) => query.includes(secret))).toEqual([]);
  });

  it('can be several: the first makes new hashes, the others keep theirs', async () => {
    const rotated = processWith(newer, older);
    expect(await rotated.blocks('kim@example.com')).toBe(true);
    await rotated.suppress('lee@example.com');
    await rotated.erase('lee@example.com');
    expect(await rotated.blocks('lee@example.com')).toBe(true);
    // Wherever in the list a key is.
    expect(await processWith(older, newer).blocks('lee@example.com')).toBe(true);
  });

  it('are all needed: a process without one gets an error, and lets nothing pass in silence', async () => {
    for (const lacking of [processWith(older), processWith()]) {
      const failed = await lacking.blocks('lee@example.com').catch((error: unknown) => error);
      expect(isHashKeyMissing(failed)).toBe(true);
      await expect(expectHashKeys(lacking.database.pool)).rejects.toThrow(/^ERASURE_KEY lacks a key: .*[0-9a-f]{8}/);
    }
    await expectHashKeys(processWith(newer, older).database.pool);
  });

  it('are replaced where an address is erased once more, so that the older one can go', async () => {
    const rotated = processWith(newer, older);
    expect(await rotated.erase('kim@example.com')).toBe(0);
    const after = processWith(newer);
    await expectHashKeys(after.database.pool);
    expect(await after.blocks('kim@example.com')).toBe(true);
    // The longest one stays where there is an entry by either key, and one by address.
    await rotated.suppress('kim@example.com');
    expect(await rotated.erase('kim@example.com')).toBe(1);
    expect(await after.blocks('kim@example.com')).toBe(true);
    expect(await after.remove('kim@example.com')).toBe(true);
    expect(await after.blocks('kim@example.com')).toBe(false);
  });

  it('are no obstacle once nothing depends on them', async () => {
    const rotated = processWith(newer, older);
    expect(await rotated.remove('lee@example.com')).toBe(true);
    await expectHashKeys(processWith(older).database.pool);
  });

  it('may be in the database where none is given, and stay valid when one is', async () => {
    const without = processWith();
    await without.suppress('park@example.com');
    await without.erase('park@example.com');
    expect(await without.blocks('park@example.com')).toBe(true);
    const given = processWith(newer);
    expect(await given.blocks('park@example.com')).toBe(true);
    await given.suppress('choi@example.com');
    await given.erase('choi@example.com');
    const { rows } = await given.database.pool.query<{ keyed: boolean }>(
      `SELECT split_part(address, '.', 1) LIKE '#________' AS keyed FROM suppression WHERE hashed ORDER BY 1`,
    );
    expect(rows).toEqual([{ keyed: false }, { keyed: true }]);
  });
});
