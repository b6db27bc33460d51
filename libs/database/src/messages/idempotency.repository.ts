import { Injectable } from '@nestjs/common';
import { keyLock } from '../advisory-locks.js';
import type { Queryable } from '../database.js';

export interface StoredAnswer {
  readonly requestHash: Buffer;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly response: Buffer;
}

/** The caller's key, which other clients may use, too. */
export interface ClientKey {
  readonly clientId: string;
  readonly key: string;
}

/** First answers by the caller's Idempotency-Key; written in the transaction of what the request made. */
@Injectable()
export class IdempotencyRepository {
  async find(tx: Queryable, clientId: string, key: string): Promise<StoredAnswer | undefined> {
    const [stored] = await this.findMany(tx, [{ clientId, key }]);
    return stored;
  }

  /** @returns for each of the keys what was answered first, in their order. */
  async findMany(tx: Queryable, keys: readonly ClientKey[]): Promise<readonly (StoredAnswer | undefined)[]> {
    const { rows } = await tx.query<StoredAnswer & { readonly nth: number }>(
      `SELECT w.nth::int, k.* FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS w (client_id, key, nth)
       CROSS JOIN LATERAL (
         SELECT request_hash AS "requestHash", status, headers, response FROM idempotency_key
         WHERE client_id = w.client_id AND key = w.key OFFSET 0
       ) AS k`,
      [keys.map(({ clientId }) => clientId), keys.map(({ key }) => key)],
    );
    const found = new Map(rows.map(({ nth, ...stored }) => [nth, stored]));
    return keys.map((_, i) => found.get(i + 1));
  }

  /** Locks the key for the transaction. @returns false when another request with it is running right now. */
  async lock(tx: Queryable, clientId: string, key: string): Promise<boolean> {
    const { rows } = await tx.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_xact_lock(${keyLock('idempotencyKey', '$1')}) AS locked`,
      [`${clientId}:${key}`],
    );
    return rows[0]?.locked ?? false;
  }

  async insert(tx: Queryable, clientId: string, key: string, answer: StoredAnswer): Promise<void> {
    await tx.query(
      `INSERT INTO idempotency_key (client_id, key, request_hash, status, headers, response)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [clientId, key, answer.requestHash, answer.status, JSON.stringify(answer.headers), answer.response],
    );
  }
}
