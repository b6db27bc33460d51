import { Coalescer } from '@gateway/platform';
import type { Database, Queryable } from '../database.js';

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
  /** Requests that come together are looked up together; none by what was read before it came. */
  private readonly owners: Coalescer<Buffer, KeyOwner | undefined>;

  constructor(private readonly database: Database) {
    this.owners = new Coalescer((hashes) => this.findOwners(hashes), { atOnce: 2, most: 1000 });
  }

  /** Whose key it is, unless it was revoked. */
  findOwner(hash: Buffer): Promise<KeyOwner | undefined> {
    return this.owners.run(hash);
  }

  private async findOwners(hashes: readonly Buffer[]): Promise<readonly (KeyOwner | undefined)[]> {
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
    await tx.query('INSERT INTO client (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
      key.clientId,
      key.client,
    ]);
    // A key that is there already (GATEWAY_API_KEY at every start) is left as it is.
    const { rows } = await tx.query<ApiKeyRow>(
      `INSERT INTO api_key (id, client_id, name, hash, scopes)
       SELECT $1, client.id, $3, $4, $5 FROM client WHERE client.name = $2
       ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash
       RETURNING id, name, $2 AS client, scopes, created_at AS "createdAt", revoked_at AS "revokedAt"`,
      [key.id, key.client, key.name, key.hash, key.scopes],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the new key was not returned');
    return row;
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
