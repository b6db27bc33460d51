import { Injectable } from '@nestjs/common';
import {
  tolerantKey,
  type Delivery,
  type RecipientCounts,
  type RecipientId,
  type RecipientReport,
  type RecipientStatus,
} from '@gateway/core';
import { Database, type Queryable } from '../../database.js';
import { APPLY_REPORTS } from './apply-reports.sql.js';
import { moveOf, type ChangedBatch, type ChangedRecipient } from './count-moves.js';
import { lockMessages } from '../lock-messages.js';
import type { BatchRow } from '../rows.js';
import * as sql from './tracking.sql.js';

/** A batch that a provider has, and is asked about. */
export interface TrackedBatchRow extends BatchRow {
  readonly delivery: Delivery;
}

/** A provider's reports on recipients of a batch that the caller has locked. */
export interface ReportedBatch {
  readonly batch: BatchRow;
  readonly reports: readonly RecipientReport[];
}

/** A recipient with a status of its own, why it has it, and the provider's own words. */
export interface RecipientState {
  readonly position: number;
  readonly status: RecipientStatus;
  readonly reason: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

const ADDRESSES_PER_STATEMENT = 2000;
const FEW = 50;

/** Statements that write a provider's reports on recipients. */
@Injectable()
export class TrackingRepository {
  constructor(private readonly database: Database) {}

  async findBatches(batchIds: readonly string[]): Promise<TrackedBatchRow[]> {
    const { rows } = await this.database.pool.query<TrackedBatchRow>({
      name: 'find-tracked',
      text: sql.FIND_BATCHES,
      values: [batchIds],
    });
    return rows;
  }

  /**
   * Locks batches, in order, so that two workers' reports of one come one after the other. One of an erased message is
   * followed no more, and not among them.
   */
  async lock(tx: Queryable, batchIds: readonly string[]): Promise<ReadonlyMap<string, BatchRow>> {
    const { rows } = await tx.query<BatchRow>({
      name: 'lock-batches',
      text: sql.LOCK,
      values: [batchIds],
    });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** @returns the positions of a batch's recipients that have a status of their own, ascending. */
  async findOthers(
    tx: Queryable,
    { messageId, positionFrom, positionTo }: Pick<BatchRow, 'messageId' | 'positionFrom' | 'positionTo'>,
  ): Promise<readonly number[]> {
    const { rows } = await tx.query<{ position: number }>(sql.FIND_OTHERS, [messageId, positionFrom, positionTo]);
    return rows.map(({ position }) => position);
  }

  /** @returns what recipients of a message are, those of them that have a status of their own. */
  async findStates(tx: Queryable, messageId: string, positions: readonly number[]): Promise<readonly RecipientState[]> {
    const { rows } = await tx.query<RecipientState>(sql.FIND_STATES, [messageId, positions]);
    return rows;
  }

  /**
   * Writes reports to recipients of their batches, matched by address, forward only; what says nothing new changes
   * nothing. @returns the recipients that changed, of each batch.
   */
  async applyReports(tx: Queryable, told: readonly ReportedBatch[]): Promise<readonly (readonly ChangedRecipient[])[]> {
    const numbered = told.flatMap(({ reports }, i) => reports.map((report) => ({ ...report, nth: i + 1 })));
    const changed: (ChangedRecipient & { readonly nth: number })[] = [];
    for (let i = 0; i < numbered.length; i += ADDRESSES_PER_STATEMENT) {
      const some = numbered.slice(i, i + ADDRESSES_PER_STATEMENT);
      for (const row of await this.applySome(tx, told, some)) changed.push(row);
    }
    const byBatch = Map.groupBy(changed, ({ nth }) => nth);
    return told.map((_, i) => byBatch.get(i + 1) ?? []);
  }

  private async applySome(
    tx: Queryable,
    told: readonly ReportedBatch[],
    reports: readonly (RecipientReport & { readonly nth: number })[],
  ): Promise<readonly (ChangedRecipient & { readonly nth: number })[]> {
    const ids = told.map(({ batch }) => batch.messageId);
    const ofBatches = <T>(read: (batch: BatchRow) => T): T[] => told.map(({ batch }) => read(batch));
    const column = <T>(read: (report: RecipientReport) => T | undefined): (T | null)[] =>
      reports.map((report) => read(report) ?? null);
    const { rows } = await tx.query<ChangedRecipient & { nth: number }>({
      // A plan that is kept is one for few: with a page of reports it would compare each with each.
      ...(reports.length <= FEW && { name: 'apply-reports' }),
      text: APPLY_REPORTS,
      values: [
        ids,
        ids.reduce(lower),
        ids.reduce(higher),
        ofBatches((b) => b.positionFrom),
        ofBatches((b) => b.positionTo),
        ofBatches((b) => b.status),
        reports.map(({ nth }) => nth),
        column((r) => tolerantKey(r.address)),
        column((r) => r.status),
        column((r) => r.reason),
        column((r) => r.bounceType),
        column((r) => r.mailId),
        column((r) => r.code),
        column((r) => r.message),
        column((r) => r.deliveredAt),
        column((r) => r.openedAt),
      ],
    });
    return rows;
  }

  /** Notes the provider's ids of the mails to recipients of a batch that was just accepted. */
  async noteMailIds(tx: Queryable, batch: BatchRow, ids: readonly RecipientId[]): Promise<void> {
    await tx.query(sql.NOTE_MAIL_IDS, [
      batch.messageId,
      batch.positionFrom,
      batch.positionTo,
      ids.map(({ address }) => tolerantKey(address)),
      ids.map(({ mailId }) => mailId),
    ]);
  }

  /** Positions, in order, of recipients of a batch that follow it, and their addresses in the form of `tolerantKey`. */
  async findFollowers(
    tx: Queryable,
    batch: BatchRow,
    addresses: readonly string[],
  ): Promise<readonly { readonly position: number; readonly address: string }[]> {
    const { rows } = await tx.query<{ position: number; address: string }>(sql.FIND_FOLLOWERS, [
      batch.messageId,
      batch.positionFrom,
      batch.positionTo,
      addresses.map(tolerantKey),
    ]);
    return rows;
  }

  /** To be called before the counts of several messages move: in order, and no sooner than needed. */
  async lockMessages(tx: Queryable, batches: readonly BatchRow[]): Promise<void> {
    if (new Set(batches.map(({ messageId }) => messageId)).size > 1) await lockMessages(tx, batches);
  }

  /**
   * Moves the counts of batches and their messages by what changed, in one statement. Followers that got a status of
   * their own leave the batch's followers.
   */
  async moveCounts(tx: Queryable, changes: readonly ChangedBatch[]): Promise<void> {
    const moves = changes.filter(({ changed }) => changed.length > 0).map(moveOf);
    if (moves.length === 0) return;
    await tx.query({
      name: 'move-counts',
      text: sql.MOVE_COUNTS,
      values: [
        moves.map(({ batch }) => batch.id),
        moves.map(({ unfollowed }) => unfollowed),
        moves.map(({ delta }) => JSON.stringify(Object.fromEntries(delta))),
        [...new Set(moves.map(({ batch }) => batch.messageId))],
        moves.filter(({ hardBounced }) => hardBounced).map(({ batch }) => batch.messageId),
      ],
    });
  }

  /** Batches that have these requests of an account and are still followed; parts share one request. */
  async findRequests(provider: string, requestIds: readonly string[]): Promise<BatchRow[]> {
    const { rows } = await this.database.pool.query<BatchRow>(sql.FIND_REQUESTS, [provider, requestIds]);
    return rows;
  }

  /** @returns the address of the first recipient of each batch, in their order; `undefined` of one that is erased. */
  async findFirstAddresses(
    batches: readonly Pick<BatchRow, 'messageId' | 'positionFrom'>[],
  ): Promise<readonly (string | undefined)[]> {
    const { rows } = await this.database.pool.query<{ nth: number; address: string }>(sql.FIND_ADDRESSES, [
      batches.map(({ messageId }) => messageId),
      batches.map(({ positionFrom }) => positionFrom),
    ]);
    const byPlace = new Map(rows.map(({ nth, address }) => [nth, address]));
    return batches.map((_, i) => byPlace.get(i + 1));
  }

  /** Makes polls that were taken but not begun due again, for any worker. */
  async giveBack(batchIds: readonly string[]): Promise<void> {
    await this.database.pool.query(sql.GIVE_BACK, [batchIds]);
  }

  /** Tells the caller something that was found out. */
  async warn(tx: Queryable, messageId: string, warning: string): Promise<void> {
    await tx.query(sql.WARN, [messageId, warning]);
  }

  /** The provider could not be asked: schedules the next poll. A batch that is no longer followed stays that way. */
  async failPoll(batchId: string, delayMs: number): Promise<void> {
    await this.database.pool.query(sql.FAIL_POLL, [batchId, delayMs]);
  }

  /**
   * Notes the first time that all recipients of a message are settled.
   * @returns the messages for which this is now.
   */
  async complete(
    tx: Queryable,
    messageIds: readonly string[],
  ): Promise<{ id: string; clientId: string; status: string; counts: RecipientCounts }[]> {
    const { rows } = await tx.query<{ id: string; clientId: string; status: string; counts: RecipientCounts }>({
      name: 'complete-messages',
      text: sql.COMPLETE,
      values: [messageIds],
    });
    return rows;
  }
}

const lower = (a: string, b: string): string => (a < b ? a : b);
const higher = (a: string, b: string): string => (a > b ? a : b);
