import { Injectable } from '@nestjs/common';
import { bytesOf } from '../bytes.js';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import * as sql from './access.sql.js';

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

/** The result for the first key and those before it. */
export interface FirstKeyChange {
  /** False: a caller has revoked it, and it stays revoked. */
  readonly usable: boolean;
  /** Keys that it has replaced now. */
  readonly replaced: readonly string[];
}

/** `last_admin`: without it no caller could make keys any more. */
export type Revocation = 'revoked' | 'unknown' | 'last_admin';

const ADMIN = 'admin';
const shown = {
  id: true,
  name: true,
  scopes: true,
  createdAt: true,
  revokedAt: true,
  createdBy: true,
  revokedBy: true,
} as const satisfies Prisma.ApiKeySelect;

/** Clients and their API keys. Only hashes of keys are stored. */
@Injectable()
export class AccessRepository {
  constructor(private readonly database: Database) {}

  /** The owners of keys, in their order; `undefined` for a key that was revoked. */
  async findOwners(hashes: readonly Buffer[]): Promise<readonly (KeyOwner | undefined)[]> {
    const { rows } = await this.database.pool.query<KeyOwner & { hash: Buffer }>({
      name: 'find-key-owners',
      text: sql.FIND_OWNERS,
      values: [hashes],
    });
    const owners = new Map(rows.map(({ hash, ...owner }) => [hash.toString('hex'), owner]));
    return hashes.map((hash) => owners.get(hash.toString('hex')));
  }

  /** Makes a key, and its client if there is none of that name. */
  async insert(tx: Queryable, key: NewApiKey): Promise<ApiKeyRow> {
    const prisma = await this.database.prismaOn(tx);
    const clientId = await ensureClient(prisma, key);
    const row = await prisma.apiKey.upsert({
      where: { hash: bytesOf(key.hash) },
      create: { ...columnsOf(key, clientId), createdBy: key.createdBy ?? null },
      // One that is there already (the key in the examples of the sandbox) is left as it is.
      update: { hash: bytesOf(key.hash) },
      select: shown,
    });
    return { ...row, client: key.client };
  }

  /**
   * Makes the key of the environment usable and revokes the ones that were it before. Processes that start at the same
   * time take turns; with different keys the last one counts.
   */
  replaceFirst(key: NewApiKey): Promise<FirstKeyChange> {
    return this.database.transaction(async (tx) => {
      await tx.query(sql.LOCK_ADMIN_KEYS);
      const prisma = await this.database.prismaOn(tx);
      const clientId = await ensureClient(prisma, key);
      const hash = bytesOf(key.hash);
      const before = await prisma.apiKey.findUnique({ where: { hash }, select: { replaced: true } });
      const { id, revokedAt } = await prisma.apiKey.upsert({
        where: { hash },
        create: { ...columnsOf(key, clientId), first: true },
        update: { first: true, replaced: false, ...(before?.replaced && { revokedAt: null }) },
        select: { id: true, revokedAt: true },
      });
      // One that a caller has revoked replaces nothing: a way in must be left.
      if (revokedAt !== null) return { usable: false, replaced: [] };
      const replaced = await prisma.apiKey.updateManyAndReturn({
        where: { first: true, id: { not: id }, revokedAt: null },
        data: { revokedAt: await this.database.timeOf(tx), replaced: true },
        select: { id: true },
      });
      return { usable: true, replaced: replaced.map((row) => row.id) };
    });
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
      await tx.query(sql.LOCK_ADMIN_KEYS);
      const prisma = await this.database.prismaOn(tx);
      const key = await prisma.apiKey.findUnique({
        where: { id },
        select: { scopes: true, revokedAt: true, revokedBy: true },
      });
      if (key === null) return 'unknown';
      const another = { id: { not: id }, revokedAt: null, scopes: { has: ADMIN } };
      const needed = key.revokedAt === null && key.scopes.includes(ADMIN);
      if (needed && (await prisma.apiKey.findFirst({ where: another, select: { id: true } })) === null)
        return 'last_admin';
      await prisma.apiKey.update({
        where: { id },
        data: {
          revokedAt: key.revokedAt ?? (await this.database.timeOf(tx)),
          revokedBy: key.revokedBy ?? by,
          // A key that its successor had revoked is not restored by the environment.
          replaced: false,
        },
        select: { id: true },
      });
      return 'revoked';
    });
  }
}

/** Makes the client of a key if there is none of that name. @returns its id. */
async function ensureClient(prisma: Prisma.TransactionClient, { clientId, client }: NewApiKey): Promise<string> {
  await prisma.client.createMany({ data: [{ id: clientId, name: client }], skipDuplicates: true });
  const { id } = await prisma.client.findUniqueOrThrow({ where: { name: client }, select: { id: true } });
  return id;
}

const columnsOf = ({ id, name, hash, scopes }: NewApiKey, clientId: string) => ({
  id,
  clientId,
  name,
  hash: bytesOf(hash),
  scopes: [...scopes],
});
