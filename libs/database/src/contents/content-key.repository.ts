import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import * as sql from './content-key.sql.js';
import { ContentLockedError } from './content-locked.error.js';
import { unlessLocked } from './message-contents.js';
import type { SealOwner } from './seal.js';

const sealOwners = ['message', 'attachment'] as const satisfies readonly SealOwner[];

/** Counting more takes longer than the number is worth. */
export const MOST_COUNTED = 100_000;

/** How many messages or files need a key of CONTENT_KEYS. */
export interface KeyUse {
  readonly owner: SealOwner;
  readonly keyId: string;
  /** `current` encrypts; `older` only decrypts; `missing` is not in CONTENT_KEYS of this process. */
  readonly state: 'current' | 'older' | 'missing';
  /** `MOST_COUNTED` means at least so many. */
  readonly rows: number;
}

/** A page of rows that need an older key. */
interface ResealedPage {
  readonly resealed: number;
  /** Rows whose key could not be read. */
  readonly locked: number;
  /** The last row that was looked at; absent: there are no more. */
  readonly last: string | undefined;
}

export const FIRST_ROW = '00000000-0000-0000-0000-000000000000';

/** The keys of messages and files, each encrypted with one of CONTENT_KEYS. */
@Injectable()
export class ContentKeyRepository {
  constructor(private readonly database: Database) {}

  /** @param most how many rows of a key are counted */
  async findUses(most = MOST_COUNTED): Promise<readonly KeyUse[]> {
    const [first, ...others] = this.database.contents.keyIds;
    const uses: KeyUse[] = [];
    for (const owner of sealOwners) {
      const { rows } = await this.database.pool.query<Pick<KeyUse, 'keyId' | 'rows'>>(sql.countRows(owner), [most]);
      for (const row of rows) {
        const state = row.keyId === first ? 'current' : others.includes(row.keyId) ? 'older' : 'missing';
        uses.push({ owner, state, ...row });
      }
    }
    return uses;
  }

  /**
   * Encrypts the keys of a page of rows with the first of CONTENT_KEYS, in one statement: a crash leaves each row with a
   * key that can be read. Rows that a transaction holds are left out, so that mail under way does not wait.
   */
  async reseal({ owner, keyId }: Pick<KeyUse, 'owner' | 'keyId'>, after: string, limit: number): Promise<ResealedPage> {
    const { pool, contents } = this.database;
    const { rows } = await pool.query<{ id: string; contentKey: string }>(sql.findRows(owner), [keyId, after, limit]);
    const fresh = rows.flatMap(({ id, contentKey }) => {
      const newKey = unlessLocked(() => contents.resealed(owner, id, contentKey));
      return newKey instanceof ContentLockedError ? [] : [{ id, contentKey, newKey }];
    });
    const { rowCount } = await pool.query(sql.replaceKeys(owner), [
      fresh.map(({ id }) => id),
      fresh.map(({ contentKey }) => contentKey),
      fresh.map(({ newKey }) => newKey),
    ]);
    return {
      resealed: rowCount ?? 0,
      locked: rows.length - fresh.length,
      last: rows.length < limit ? undefined : rows.at(-1)?.id,
    };
  }
}
