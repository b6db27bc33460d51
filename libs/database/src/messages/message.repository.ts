import { Injectable } from '@nestjs/common';
import type { Reason, Recipient, RecipientStatus } from '@gateway/core';
import { openTexts, VariablesReader } from '../contents/message-contents.js';
import { Database, type Queryable } from '../database.js';
import * as sql from './message.sql.js';
import type { Prisma } from '../generated/client.js';
import { toRecipient, type RecipientRow } from '../batches/rows.js';

export interface RedriveFilter {
  readonly statuses: readonly RecipientStatus[];
  /** Includes those that bounced for a temporary reason. */
  readonly softBounced: boolean;
  readonly reasons: readonly Reason[] | undefined;
}

/** The columns that the release of a message depends on. */
const held = {
  id: true,
  status: true,
  sendAt: true,
  heldBy: true,
  releasedAt: true,
  provider: true,
  category: true,
} as const satisfies Prisma.MessageSelect;

export type HeldMessage = Prisma.MessageGetPayload<{ select: typeof held }>;

/** A whole message, to be sent once more. */
export type RedriveRow = Prisma.MessageGetPayload<object>;

/** Changes of messages as a whole: cancelling, and sending once more. */
@Injectable()
export class MessageRepository {
  constructor(private readonly database: Database) {}

  /** @throws ContentLockedError */
  async findWhole(clientId: string, id: string): Promise<RedriveRow | null> {
    const message = await this.database.prisma.message.findFirst({ where: { id, clientId } });
    return message && openTexts(this.database.contents, message);
  }

  /** Asks again instead of relying on an earlier read. */
  async isErased(id: string): Promise<boolean> {
    const message = await this.database.prisma.message.findUnique({ where: { id }, select: { erasedAt: true } });
    return message?.erasedAt !== null;
  }

  /**
   * Redrives of a message, of its redrives and of what it is itself a redrive of are made one after the other.
   * @returns false while another transaction is making one. It is not waited for: a connection would be held meanwhile.
   */
  async lockRedrives(tx: Queryable, messageId: string): Promise<boolean> {
    const { rows } = await tx.query<{ locked: boolean }>(sql.LOCK_REDRIVES, [messageId]);
    return rows[0]?.locked === true;
  }

  async countForRedrive(messageId: string, filter: RedriveFilter): Promise<number> {
    const { rows } = await this.database.pool.query<{ count: number }>(sql.COUNT_FOR_REDRIVE, [
      messageId,
      filter.statuses,
      filter.softBounced,
      filter.reasons ?? null,
      await this.findOtherRedrives(messageId),
    ]);
    return rows[0]?.count ?? 0;
  }

  /** Redrives of the message, and of what it is itself a redrive of, at any depth; not those that it came from. */
  async findOtherRedrives(messageId: string): Promise<readonly string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>(sql.FIND_OTHER_REDRIVES, [messageId]);
    return rows.map(({ id }) => id);
  }

  /** Recipients that a redrive is for, in order, after a position. */
  async findForRedrive(
    messageId: string,
    filter: RedriveFilter & { readonly otherRedrives: readonly string[] },
    page: { readonly after: number; readonly limit: number },
  ): Promise<Recipient[]> {
    // The transaction that writes the new message holds a connection of the other pool.
    const { rows } = await this.database.lookups.query<RecipientRow>(sql.FIND_FOR_REDRIVE, [
      messageId,
      filter.statuses,
      filter.softBounced,
      filter.reasons ?? null,
      filter.otherRedrives,
      page.after,
      page.limit,
    ]);
    const reader = new VariablesReader(this.database.contents);
    return rows.map((row) => toRecipient(row, reader));
  }

  /** Cancels a message that has no recipients yet. @returns false when it has, or will never have. */
  async cancelWaiting(tx: Queryable, messageId: string): Promise<boolean> {
    const prisma = await this.database.prismaOn(tx);
    const { count } = await prisma.message.updateMany({
      where: { id: messageId, OR: [{ expandAt: { not: null } }, { expansion: 'held', batchCount: 0 }] },
      data: { expansion: 'cancelled', expandAt: null },
    });
    return count === 1;
  }

  /** The columns that decide about the release of a message. */
  findHeld(clientId: string, id: string): Promise<HeldMessage | null> {
    return this.database.prisma.message.findFirst({ where: { id, clientId }, select: held });
  }

  /**
   * Notes the release, and lets an audience be found: now or when the message is due.
   * @param letGo its batches were released; otherwise it may have none, because its recipients are not known.
   * @returns false when it was not held, or too long.
   */
  async noteRelease(
    tx: Queryable,
    messageId: string,
    { letGo, expireMs }: { readonly letGo: boolean; readonly expireMs: number },
  ): Promise<boolean> {
    return (
      (await tx.query(letGo ? sql.NOTE_RELEASE : sql.RELEASE_AUDIENCE, letGo ? [messageId] : [messageId, expireMs]))
        .rowCount === 1
    );
  }

  /** Ends messages to an audience that were not released in time. @returns their ids. */
  async expireHeld(tx: Queryable, expireMs: number, limit: number): Promise<readonly string[]> {
    return (await tx.query<{ id: string }>(sql.EXPIRE_HELD_AUDIENCES, [expireMs, limit])).rows.map(({ id }) => id);
  }

  /** Recipients whose mail a provider has, or may have. */
  async countTooLate(tx: Queryable, messageId: string): Promise<number> {
    const { rows } = await tx.query<{ recipients: string }>(sql.COUNT_TOO_LATE, [messageId]);
    return Number(rows[0]?.recipients ?? 0);
  }
}
