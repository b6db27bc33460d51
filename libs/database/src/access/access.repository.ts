import { encodeId } from '@gateway/core';
import { Injectable } from '@nestjs/common';
import { recordAct } from '../audit/audit.repository.js';
import { bytesOf } from '../bytes.js';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import * as sql from './access.sql.js';
import {
  columnsOf,
  hasAnother,
  isLasting,
  rowOf,
  shown,
  within,
  type ApiKeyRow,
  type FirstKeyChange,
  type KeyChanges,
  type KeyOwner,
  type KeyRange,
  type NewSecret,
  type NewApiKey,
  type Revocation,
  type Rotation,
} from './api-key-rows.js';

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
    return rowOf(row);
  }

  /** Notes that keys were used. */
  async noteUse(keyIds: readonly string[]): Promise<void> {
    await this.database.pool.query(sql.NOTE_USE, [keyIds]);
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
      // A secret that was rotated out stays what it is: it does not become a key of its own again.
      const rotated = await prisma.rotatedKey.findUnique({ where: { hash }, select: { hash: true } });
      if (rotated !== null) return { usable: false, replaced: [] };
      const before = await prisma.apiKey.findUnique({ where: { hash }, select: { replaced: true, revokedAt: true } });
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
      if (before?.revokedAt !== null) this.record(tx, 'api_key.create', id, { name: key.name });
      for (const row of replaced) this.record(tx, 'api_key.revoke', row.id, { replacedBy: encodeId('apiKey', id) });
      return { usable: true, replaced: replaced.map((row) => row.id) };
    });
  }

  async findPage(
    range: KeyRange,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<ApiKeyRow[]> {
    const keys = await this.database.prisma.apiKey.findMany({
      where: { ...within(range), ...(page.before && { id: { lt: page.before } }) },
      select: shown,
      orderBy: { id: 'desc' },
      take: page.limit,
    });
    return keys.map(rowOf);
  }

  /** @returns nothing for a key that is not in the range, and for one that was revoked. */
  async update(
    tx: Queryable,
    range: KeyRange,
    id: string,
    changes: KeyChanges,
  ): Promise<ApiKeyRow | 'last_admin' | undefined> {
    const { prisma, key } = await this.find(tx, range, id);
    if (key === null || key.revokedAt !== null) return undefined;
    const after = { ...key, ...changes };
    if (isLasting(key) && !isLasting(after) && !(await hasAnother(prisma, id))) return 'last_admin';
    const { scopes, allowedIps, allowedFrom, allowedAccounts, ...plain } = changes;
    const data = {
      ...plain,
      ...(scopes && { scopes: [...scopes] }),
      ...(allowedIps && { allowedIps: [...allowedIps] }),
      ...(allowedFrom && { allowedFrom: [...allowedFrom] }),
      ...(allowedAccounts && { allowedAccounts: [...allowedAccounts] }),
    };
    return rowOf(await prisma.apiKey.update({ where: { id }, data, select: shown }));
  }

  /**
   * Gives a key another secret. The one before works for a while, and earlier ones no longer than that.
   * @param rotation.by the key that does it. @param rotation.check throws where that one may not.
   * @returns nothing for a key that is not in the range, and for one that was revoked.
   */
  async rotate(
    tx: Queryable,
    range: KeyRange,
    id: string,
    { hash, overlapMs, by, check }: NewSecret,
  ): Promise<Rotation | undefined> {
    const { prisma, key } = await this.find(tx, range, id);
    if (key === null || key.revokedAt !== null) return undefined;
    check(rowOf(key));
    await tx.query(sql.NOTE_ROTATION, [id, by]);
    const now = await this.database.timeOf(tx);
    const previousValidUntil = new Date(now.getTime() + overlapMs);
    const where = { apiKeyId: id, validUntil: { gt: previousValidUntil } };
    await prisma.rotatedKey.updateMany({ where, data: { validUntil: previousValidUntil } });
    await prisma.rotatedKey.create({ data: { hash: key.hash, apiKeyId: id, validUntil: previousValidUntil } });
    const row = await prisma.apiKey.update({ where: { id }, data: { hash: bytesOf(hash) }, select: shown });
    return { row: rowOf(row), previousValidUntil };
  }

  /** Was it made or rotated by the other one, or by one that the other one has made or rotated? */
  async isInHandsOf(id: string, other: string): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ known: boolean }>(sql.IS_IN_HANDS, [id, other]);
    return rows[0]?.known === true;
  }

  /** Revoking twice is harmless. @param by the key that does it. */
  revoke(id: string, by: string, range: KeyRange = 'all'): Promise<Revocation> {
    return this.database.transaction(async (tx) => {
      const { prisma, key } = await this.find(tx, range, id);
      if (key === null) return 'unknown';
      if (key.revokedAt === null && isLasting(key) && !(await hasAnother(prisma, id))) return 'last_admin';
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

  /** The environment does it, not a caller. */
  private record(tx: Queryable, action: string, id: string, after: Readonly<Record<string, unknown>>): void {
    recordAct(this.database, tx, { action, target: encodeId('apiKey', id), after });
  }

  /** Two callers must not change or revoke the last two admin keys at once. */
  private async find(tx: Queryable, range: KeyRange, id: string) {
    await tx.query(sql.LOCK_ADMIN_KEYS);
    const prisma = await this.database.prismaOn(tx);
    const key = await prisma.apiKey.findFirst({
      where: { id, ...within(range) },
      select: { ...shown, hash: true },
    });
    return { prisma, key };
  }
}

/** Makes the client of a key if there is none of that name. @returns its id. */
async function ensureClient(prisma: Prisma.TransactionClient, { clientId, client }: NewApiKey): Promise<string> {
  await prisma.client.createMany({ data: [{ id: clientId, name: client }], skipDuplicates: true });
  const { id } = await prisma.client.findUniqueOrThrow({ where: { name: client }, select: { id: true } });
  return id;
}
