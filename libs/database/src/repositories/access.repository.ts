import type { Database } from '../database.js';

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
}

export interface NewApiKey {
  readonly id: string;
  readonly clientId: string;
  readonly client: string;
  readonly name: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
}

/** Clients and their API keys. Only hashes of keys are stored. */
export class AccessRepository {
  constructor(private readonly database: Database) {}

  async findOwner(hash: Buffer): Promise<KeyOwner | undefined> {
    const { rows } = await this.database.pool.query<KeyOwner>({
      name: 'find-key-owner',
      text: `SELECT k.id AS "keyId", k.client_id AS "clientId", c.name AS "clientName", k.scopes
             FROM api_key k JOIN client c ON c.id = k.client_id WHERE k.hash = $1 AND k.revoked_at IS NULL`,
      values: [hash],
    });
    return rows[0];
  }

  /** Makes a key, and its client if there is none of that name. A key with the same hash is left as it is. */
  async insert(key: NewApiKey): Promise<ApiKeyRow | undefined> {
    const { rows } = await this.database.pool.query<ApiKeyRow>(
      `WITH new_client AS (
         INSERT INTO client (id, name) VALUES ($2, $3) ON CONFLICT (name) DO NOTHING RETURNING id
       ), owner AS (
         SELECT id FROM new_client UNION ALL SELECT id FROM client WHERE name = $3 LIMIT 1
       )
       INSERT INTO api_key (id, client_id, name, hash, scopes)
       SELECT $1, owner.id, $4, $5, $6 FROM owner
       ON CONFLICT (hash) DO NOTHING
       RETURNING id, name, $3 AS client, scopes, created_at AS "createdAt", revoked_at AS "revokedAt"`,
      [key.id, key.clientId, key.client, key.name, key.hash, key.scopes],
    );
    return rows[0];
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

  /** @returns false when there is no such key. Revoking twice is harmless. */
  async revoke(id: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      'UPDATE api_key SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1',
      [id],
    );
    return (rowCount ?? 0) > 0;
  }
}
