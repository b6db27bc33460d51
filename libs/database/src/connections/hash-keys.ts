import { hkdfSync } from 'node:crypto';
import { PostgresError } from '@gateway/platform';
import type { ClientBase } from 'pg';
import * as sql from '../database.sql.js';
import { isHashKeyMissing } from '../errors/hash-key-missing.js';
import type { Queryable } from '../queryable.js';

const KEY_BYTES = 32;
/** Shown in the place of an address, so it must not say anything about the key. */
const ID_BYTES = 4;

const derive = (master: Buffer, purpose: string, bytes: number): string =>
  Buffer.from(hkdfSync('sha256', master, '', `email gateway: ${purpose}`, bytes)).toString('hex');

/**
 * The keys of the hashes of erased addresses, as the functions of the database read them: `<id>:<hex>`, comma-separated,
 * the first makes new hashes. They are derived, so that the database never sees the keys that they are of.
 */
export const hashKeys = (masters: readonly Buffer[]): string =>
  masters
    .map((key) => `${derive(key, 'id of a hash key', ID_BYTES)}:${derive(key, 'erased addresses', KEY_BYTES)}`)
    .join();

/**
 * Gives the keys to a new connection, as a parameter: the text of a statement is shown to others who may read
 * `pg_stat_activity`.
 */
export async function bringHashKeys(client: ClientBase, keys: string): Promise<void> {
  if (keys !== '') await client.query(sql.BRING_HASH_KEYS, [keys]);
}

/**
 * Has this session all keys on which suppressions of erased addresses depend? Without one of them they would not work.
 * @throws PostgresError that names the key.
 */
export async function expectHashKeys(session: Queryable): Promise<void> {
  try {
    await session.query(sql.EXPECT_HASH_KEYS);
  } catch (error) {
    if (!isHashKeyMissing(error)) throw error;
    throw new PostgresError(
      `ERASURE_KEY lacks a key: ${error.message}. Add it, after the newest one and a comma, or as WEBHOOK_MASTER_KEY ` +
        'where it was that. If it is lost for good, docs/privacy.md says what to do.',
    );
  }
}
