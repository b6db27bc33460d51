import type { BatchStatus } from '@gateway/core';
import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import type { Prisma } from '../generated/client.js';
import { pageOf } from '../columns.js';
import { shown, type Shown } from './shown-texts.js';
import { LOOKED_AT, messagePage, messageSearch, type MessageFilter, type MessagePage } from './message-page.js';
import * as sql from './message-state.sql.js';

type SummaryRow = Prisma.MessageGetPayload<{ select: typeof sql.summary }>;
type DetailRow = Prisma.MessageGetPayload<{ select: typeof sql.detail }>;

export type MessageSummary = Shown<SummaryRow>;
export type AttemptDetail = Prisma.AttemptGetPayload<{ select: typeof sql.attempt }>;
export type BatchDetail = Prisma.BatchGetPayload<{ select: typeof sql.batch }> & {
  readonly attempts: readonly AttemptDetail[];
};

/** Batches of a message that have the same status at the same account. */
export interface MessageBatches {
  readonly status: BatchStatus;
  readonly provider: string;
  readonly batches: number;
  /** Their recipients that have no status of their own. */
  readonly followers: number;
}

/** A whole message, with its batches by status and account. */
export type MessageDetail = Shown<DetailRow> & {
  readonly batches: readonly MessageBatches[];
};

/** How many recipients of a message are queued at an account. */
export interface QueuedAt {
  readonly messageId: string;
  readonly provider: string;
  readonly recipients: number;
}

/** The deferred batch of a message that is tried first. */
export interface DeferredAt {
  readonly messageId: string;
  readonly provider: string;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly since: Date;
  readonly until: Date;
}

/** A batch and the parts it was planned into begin at the same position. */
export interface BatchPlace {
  readonly position: number;
  readonly id: string;
}

/** Where a page begins, and how long it is. */
interface MessagePlace {
  readonly before?: string;
  readonly limit: number;
}

export interface FoundMessages {
  readonly rows: readonly MessageSummary[];
  readonly searchedTo: string | undefined;
}

interface LastLookedAt {
  readonly id: string;
  readonly createdAt: Date;
}

/** More than clocks differ by. */
const CLOCKS_APART_MS = 86_400_000;

/** Before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The part of a message that decides whether anything of it is shown. */
export interface MessageBrief {
  readonly id: string;
  readonly erasedAt: Date | null;
}

/**
 * Messages and their batches as status endpoints show them; a client sees only its own. Dashboards ask all the time:
 * each question is one prepared statement, answered by keys, without the ORM in between.
 */
@Injectable()
export class MessageStateRepository {
  constructor(private readonly database: Database) {}

  async findById(clientId: string, id: string): Promise<MessageDetail | undefined> {
    const { rows } = await this.database.lookups.query<DetailRow & Pick<MessageDetail, 'batches'>>({
      name: 'find-message',
      text: sql.FIND_MESSAGE,
      values: [clientId, id],
    });
    return rows[0] && shown(this.database.contents, rows[0]);
  }

  async findBrief(clientId: string, id: string): Promise<MessageBrief | undefined> {
    const { rows } = await this.database.lookups.query<MessageBrief>({
      name: 'find-message-brief',
      text: sql.FIND_BRIEF,
      values: [clientId, id],
    });
    return rows[0];
  }

  /**
   * Newest first, before (older than) an id. A page looks at a bounded number of messages, so it may hold fewer than there
   * are: `searchedTo` is the oldest id that was looked at, if there may be more behind it.
   */
  async findPage(clientId: string, filter: MessageFilter, place: MessagePlace): Promise<FoundMessages> {
    if (filter.to !== undefined || filter.subject !== undefined) return this.search(clientId, filter, place);
    const page = messagePage(clientId, filter, place.before);
    if (page.filtered) return this.findAmong(page, filter, place);
    const { rows } = await this.database.lookups.query<SummaryRow>({
      name: place.before === undefined ? 'find-messages' : 'find-messages-before',
      text: pageOf(sql.findSummaries(page.where), `$${page.values.length + 1}`),
      values: [...page.values, place.limit],
    });
    return this.found(rows, undefined);
  }

  /** How to find what a filter asks for depends on its values, so it is planned for them. */
  private async findAmong(page: MessagePage, { createdAfter }: MessageFilter, { limit }: MessagePlace) {
    const { found, where } = page;
    const text = `${sql.findSummariesAmong({ found, where, most: LOOKED_AT })} LIMIT ${limit}`;
    const { rows } = await this.database.pool.query<SummaryRow>(text, [...page.values]);
    if (rows.length >= limit) return this.found(rows, undefined);
    const last = await this.findLastAmong(page);
    // The order is that of ids, whose time is that of a process; the other one is that of the database.
    const oldest = createdAfter === undefined ? -Infinity : createdAfter.getTime() - CLOCKS_APART_MS;
    return this.found(rows, last !== undefined && last.createdAt.getTime() > oldest ? last.id : undefined);
  }

  private async findLastAmong({ found, foundValues }: MessagePage): Promise<LastLookedAt | undefined> {
    const text = sql.findLastAmong({ found, most: LOOKED_AT });
    return (await this.database.pool.query<LastLookedAt>(text, [...foundValues])).rows[0];
  }

  private async search(clientId: string, filter: MessageFilter, place: MessagePlace): Promise<FoundMessages> {
    const { text, values } = messageSearch(clientId, filter, place.before);
    const { rows } = await this.database.pool.query<{ ids: string[]; last: string | null }>(text, [...values]);
    const ids = rows[0]?.ids.slice(0, place.limit) ?? [];
    const found = await this.database.pool.query<SummaryRow>(sql.FIND_SUMMARIES_BY_ID, [ids]);
    return this.found(found.rows, rows[0]?.last ?? undefined);
  }

  private found(rows: readonly SummaryRow[], searchedTo: string | undefined): FoundMessages {
    return { rows: rows.map((row) => shown(this.database.contents, row)), searchedTo };
  }

  async findQueued(messageIds: readonly string[]): Promise<QueuedAt[]> {
    if (messageIds.length === 0) return [];
    const query = { name: 'find-queued', text: sql.FIND_QUEUED, values: [messageIds] };
    return (await this.database.lookups.query<QueuedAt>(query)).rows;
  }

  async findDeferred(messageIds: readonly string[]): Promise<DeferredAt[]> {
    if (messageIds.length === 0) return [];
    const query = { name: 'find-deferred', text: sql.FIND_DEFERRED, values: [messageIds] };
    return (await this.database.lookups.query<DeferredAt>(query)).rows;
  }

  /** The address of the first recipient of each message that has one, also where it was erased. */
  async findFirstAddresses(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.database.lookups.query<{ id: string; address: string }>({
      name: 'find-first-addresses',
      text: sql.FIND_FIRST_ADDRESSES,
      values: [ids],
    });
    return new Map(rows.map(({ id, address }) => [id, address]));
  }

  /**
   * Batches of a client's message in the order of their recipients, with their attempts; one that was planned again
   * comes before its parts.
   */
  async findBatches(
    { clientId, messageId }: { readonly clientId: string; readonly messageId: string },
    page: { readonly after: BatchPlace | undefined; readonly limit: number },
  ): Promise<BatchDetail[]> {
    const { rows } = await this.database.lookups.query<BatchRowDetail>({
      name: 'find-batches',
      text: sql.FIND_BATCHES,
      values: [messageId, page.after?.position ?? 0, page.limit, clientId, page.after?.id ?? FIRST_ID],
    });
    return rows.map((row) => ({ ...row, attempts: row.attempts.map(withDates) }));
  }
}

type BatchRowDetail = Omit<BatchDetail, 'attempts'> & { readonly attempts: readonly AttemptJson[] };

/** JSON has no dates. */
type AttemptJson = Omit<AttemptDetail, 'startedAt' | 'finishedAt'> & {
  readonly startedAt: string;
  readonly finishedAt: string | null;
};

const withDates = (row: AttemptJson): AttemptDetail => ({
  ...row,
  startedAt: new Date(row.startedAt),
  finishedAt: row.finishedAt === null ? null : new Date(row.finishedAt),
});
