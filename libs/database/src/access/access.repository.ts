import { Injectable } from '@nestjs/common';
import { advisoryLocks } from '../advisory-locks.js';
import { Database, type Queryable } from '../database.js';

export interface KeyOwner {
  readonly keyId: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly scopes: readonly string[];
}

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  /** The keys that made and revoked it; `null`: the gateway did. */
  readonly createdBy: string | null;
  readonly revokedBy: string | null;
}

export interface NewApiKey {
  readonly id: string;
  readonly clientId: string;
  readonly client: string;
  readonly name: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
  /** The key that makes it. */
  readonly createdBy?: string;
}

/** What became of the first key and those before it. */
export interface FirstKeyChange {
  /** False: a caller has revoked it, and it stays revoked. */
  readonly usable: boolean;
  /** Keys that it has replaced now. */
  readonly replaced: readonly string[];
}

/** `last_admin`: without it nobody could make keys any more. */
export type Revocation = 'revoked' | 'unknown' | 'last_admin';

const LOCK_KEYS = `SELECT pg_advisory_xact_lock(${advisoryLocks.adminKeys})`;

/** Clients and their API keys. Only hashes of keys are stored. */
@Injectable()
export class AccessRepository {
  constructor(private readonly database: Database) {}

  /** Whose keys these are, in their order; `undefined` for one that was revoked. */
  async findOwners(hashes: readonly Buffer[]): Promise<readonly (KeyOwner | undefined)[]> {
    const { rows } = await this.database.pool.query<KeyOwner & { hash: Buffer }>({
      name: 'find-key-owners',
      text: `SELECT k.hash, k.id AS "keyId", k.client_id AS "clientId", c.name AS "clientName", k.scopes
             FROM api_key k JOIN client c ON c.id = k.client_id WHERE k.hash = ANY ($1) AND k.revoked_at IS NULL`,
      values: [hashes],
    });
    const owners = new Map(rows.map(({ hash, ...owner }) => [hash.toString('hex'), owner]));
    return hashes.map((hash) => owners.get(hash.toString('hex')));
  }

  /** Makes a key, and its client if there is none of that name. */
  async insert(tx: Queryable, key: NewApiKey): Promise<ApiKeyRow> {
    await this.ensureClient(tx, key);
    // One that is there already (the key in the examples of the sandbox) is left as it is.
    const { rows } = await tx.query<ApiKeyRow>(
      `INSERT INTO api_key (id, client_id, name, hash, scopes, created_by)
       SELECT $1, client.id, $3, $4, $5, $6 FROM client WHERE client.name = $2
       ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash
       RETURNING id, name, $2 AS client, scopes, created_at AS "createdAt", revoked_at AS "revokedAt",
         created_by AS "createdBy", revoked_by AS "revokedBy"`,
      [key.id, key.client, key.name, key.hash, key.scopes, key.createdBy ?? null],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the new key was not returned');
    return row;
  }

  /**
   * Makes the key of the environment usable and revokes the ones that were it before. Processes that start at the same
   * time take turns; with different keys the last one counts.
   */
  replaceFirst(key: NewApiKey): Promise<FirstKeyChange> {
    return this.database.transaction(async (tx) => {
      await tx.query(LOCK_KEYS);
      await this.ensureClient(tx, key);
      const { rows } = await tx.query<{ id: string; usable: boolean }>(
        `INSERT INTO api_key AS k (id, client_id, name, hash, scopes, first)
         SELECT $1, client.id, $3, $4, $5, true FROM client WHERE client.name = $2
         ON CONFLICT (hash) DO UPDATE
         SET first = true, replaced = false, revoked_at = CASE WHEN k.replaced THEN NULL ELSE k.revoked_at END
         RETURNING id, revoked_at IS NULL AS usable`,
        [key.id, key.client, key.name, key.hash, key.scopes],
      );
      const [{ id, usable } = { id: key.id, usable: false }] = rows;
      // One that a caller has revoked replaces nothing: a way in must be left.
      if (!usable) return { usable, replaced: [] };
      const { rows: before } = await tx.query<{ id: string }>(
        `UPDATE api_key SET revoked_at = now(), replaced = true
         WHERE first AND id <> $1 AND revoked_at IS NULL RETURNING id`,
        [id],
      );
      return { usable, replaced: before.map((row) => row.id) };
    });
  }

  private async ensureClient(tx: Queryable, { clientId, client }: NewApiKey): Promise<void> {
    await tx.query('INSERT INTO client (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [clientId, client]);
  }

  async findPage(page: { readonly before: string | undefined; readonly limit: number }): Promise<ApiKeyRow[]> {
    const keys = await this.database.prisma.apiKey.findMany({
      ...(page.before && { where: { id: { lt: page.before } } }),
      include: { client: true },
      orderBy: { id: 'desc' },
      take: page.limit,
    });
    return keys.map(({ client, ...key }) => ({ ...key, client: client.name }));
  }

  /** Revoking twice is harmless. @param by the key that does it. */
  revoke(id: string, by: string): Promise<Revocation> {
    return this.database.transaction(async (tx) => {
      // Two callers must not revoke the last two admin keys at once.
      await tx.query(LOCK_KEYS);
      const { rows } = await tx.query<{ needed: boolean }>(
        `SELECT revoked_at IS NULL AND 'admin' = ANY (scopes) AND NOT EXISTS (
           SELECT FROM api_key WHERE id <> $1 AND revoked_at IS NULL AND 'admin' = ANY (scopes)) AS needed
         FROM api_key WHERE id = $1`,
        [id],
      );
      const [key] = rows;
      if (key === undefined) return 'unknown';
      if (key.needed) return 'last_admin';
      // One that its successor had revoked does not come back with the environment any more.
      await tx.query(
        `UPDATE api_key SET revoked_at = coalesce(revoked_at, now()), revoked_by = coalesce(revoked_by, $2),
           replaced = false
         WHERE id = $1`,
        [id, by],
      );
      return 'revoked';
    });
  }
}
