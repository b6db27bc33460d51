import { Injectable } from '@nestjs/common';
import { encodeId } from '@gateway/core';
import type { KeyRange } from '../access/api-key-rows.js';
import { recordAct } from '../audit/audit.repository.js';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import * as sql from './erasure.sql.js';

/** Numbers of erased rows, by kind. */
export type ErasureCounts = Readonly<Record<string, number>>;

/** A copy at a vendor that the gateway cannot erase; `until`: when the vendor itself does, if it says so. */
export type RemainingCopy = { readonly provider: string; readonly until: string | null };

const shown = {
  id: true,
  client: { select: { name: true } },
  status: true,
  reason: true,
  requestedAt: true,
  completedAt: true,
  requestedBy: true,
  addressCount: true,
  counts: true,
  pending: true,
  remaining: true,
  mentions: true,
  sha256: true,
} as const satisfies Prisma.ErasureSelect;

export type ErasureRow = Prisma.ErasureGetPayload<{ select: typeof shown }>;

/** An address of an erasure, and after which place its mail is to be looked for. */
export interface ErasingAddress {
  readonly address: string;
  readonly mailErased: boolean;
  readonly messageId: string | null;
  readonly position: number | null;
}

/** An erasure that a process works on, as long as it has the newest token. */
export interface TakenErasure {
  readonly id: string;
  readonly requestedAt: Date;
  readonly swept: boolean;
  /** It concerns this client only; `null`: all. */
  readonly clientId: string | null;
  /** For how many days to look for the addresses in mail to others. */
  readonly mentions: { readonly days: number } | null;
  /** How often it was looked into and mail was under way. */
  readonly passes: number;
  readonly leaseToken: number;
}

/** The result of one transaction. */
export interface ErasureProgress {
  readonly counts?: ErasureCounts;
  /** When accounts were last given mail, as text. */
  readonly sent?: Readonly<Record<string, string>>;
  /** Accounts that keep a copy. */
  readonly kept?: readonly string[];
  readonly swept?: boolean;
}

export interface EndingErasure {
  readonly id: string;
  readonly client: { readonly name: string } | null;
  readonly reason: string | null;
  readonly requestedAt: Date;
  readonly addressCount: number;
  readonly counts: ErasureCounts;
  readonly sent: Readonly<Record<string, string>>;
  readonly kept: readonly string[];
  readonly mentions: Prisma.JsonValue;
  readonly now: Date;
}

/** Another process has taken the erasure over. */
export class ErasureTakenError extends Error {
  override readonly name = 'ErasureTakenError';
}

/** Requests to erase, and their receipts. */
@Injectable()
export class ErasureRepository {
  constructor(private readonly database: Database) {}

  async insert(
    tx: Queryable,
    erasure: {
      readonly id: string;
      /** Only what belongs to this client; `null`: to any. */
      readonly clientId: string | null;
      readonly requestedBy: string;
      readonly reason: string | null;
      readonly addresses: readonly string[];
      /** The look into mail to others, for the receipt. */
      readonly mentions: { readonly days: number } | undefined;
    },
  ): Promise<ErasureRow> {
    const { addresses, mentions, ...row } = erasure;
    const prisma = await this.database.prismaOn(tx);
    const data = { ...row, ...(mentions && { mentions }), addressCount: new Set(addresses).size };
    const inserted = await prisma.erasure.create({ data, select: shown });
    await tx.query(sql.INSERT_ADDRESSES, [row.id, addresses]);
    return inserted;
  }

  findById(readers: KeyRange, id: string): Promise<ErasureRow | null> {
    return this.database.prisma.erasure.findUnique({ where: { ...whereFor(readers), id }, select: shown });
  }

  /** Newest first, before (older than) an id. */
  findPage(
    readers: KeyRange,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<ErasureRow[]> {
    return this.database.prisma.erasure.findMany({
      where: { ...whereFor(readers), ...(page.before !== undefined && { id: { lt: page.before } }) },
      orderBy: { id: 'desc' },
      take: page.limit,
      select: shown,
    });
  }

  /** @returns the next erasure to work on, unless other processes have all of them. */
  async take(leaseMs: number): Promise<TakenErasure | undefined> {
    return (await this.database.pool.query<TakenErasure>(sql.TAKE, [leaseMs])).rows[0];
  }

  async findAddresses(id: string): Promise<readonly ErasingAddress[]> {
    return (await this.database.pool.query<ErasingAddress>(sql.FIND_ADDRESSES, [id])).rows;
  }

  /** Notes that nothing is to be looked for where there is no mail. @returns those addresses. */
  async noteWithoutMail(tx: Queryable, id: string, addresses: readonly string[]): Promise<readonly string[]> {
    const { rows } = await tx.query<{ address: string }>(sql.NOTE_WITHOUT_MAIL, [id, addresses]);
    return rows.map(({ address }) => address);
  }

  /** Notes after which place the next look begins; or that nothing is left, in the transaction that erased the last. */
  async notePlace(
    tx: Queryable,
    of: { readonly id: string; readonly address: string },
    place: { readonly messageId: string; readonly position: number } | 'all erased',
  ): Promise<void> {
    const values = place === 'all erased' ? [null, null, true] : [place.messageId, place.position, false];
    await tx.query(sql.NOTE_PLACE, [of.id, of.address, ...values]);
  }

  /** Notes what the transaction has erased. @throws ErasureTakenError, so that it is rolled back. */
  async advance(tx: Queryable, of: TakenErasure, progress: ErasureProgress, leaseMs: number): Promise<void> {
    const { counts = {}, sent = {}, kept = [], swept = false } = progress;
    const values = [of.id, of.leaseToken, JSON.stringify(counts), JSON.stringify(sent), kept, swept, leaseMs];
    if ((await tx.query(sql.ADVANCE, values)).rowCount !== 1) throw new ErasureTakenError();
  }

  /** @param pending recipients whose mail is under way, and copies at accounts. */
  async wait(of: TakenErasure, pending: number, delayMs: number): Promise<void> {
    await this.database.pool.query(sql.WAIT, [of.id, of.leaseToken, pending, delayMs]);
  }

  async release(of: TakenErasure, delayMs: number): Promise<void> {
    await this.database.pool.query(sql.RELEASE, [of.id, of.leaseToken, delayMs]);
  }

  /** @throws ErasureTakenError */
  async lock(tx: Queryable, of: TakenErasure): Promise<EndingErasure> {
    const [row] = (await tx.query<EndingErasure>(sql.LOCK, [of.id, of.leaseToken])).rows;
    if (row === undefined) throw new ErasureTakenError();
    return row;
  }

  /** Ends an erasure that is locked: its addresses are forgotten. */
  async complete(
    tx: Queryable,
    of: TakenErasure,
    receipt: {
      readonly completedAt: Date;
      readonly remaining: readonly RemainingCopy[];
      readonly mentions?: object | null;
      readonly sha256: string;
    },
  ): Promise<void> {
    await tx.query(sql.FORGET_ADDRESSES, [of.id]);
    const { completedAt, remaining, mentions, sha256 } = receipt;
    const values = [
      of.id,
      of.leaseToken,
      completedAt,
      JSON.stringify(remaining),
      sha256,
      mentions ? JSON.stringify(mentions) : null,
    ];
    await tx.query(sql.COMPLETE, values);
    recordAct(this.database, tx, { action: 'erasure.complete', target: encodeId('erasure', of.id), after: { sha256 } });
  }
}

const whereFor = (readers: KeyRange): { clientId?: string } =>
  readers === 'all' ? {} : { clientId: readers.clientId };
