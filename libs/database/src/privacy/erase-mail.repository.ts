import { Injectable } from '@nestjs/common';
import type { Category, RecipientStatus } from '@gateway/core';
import { Database, type Queryable } from '../database.js';
import type { ErasureRange } from './erase-person.repository.js';
import type { TakenErasure } from './erasure.repository.js';
import * as sql from './erase-mail.sql.js';
import { findSealedMentions, maskSealed } from './sealed-texts.js';

/** Mail to an address. */
export interface FoundMail {
  readonly messageId: string;
  readonly position: number;
  readonly clientId: string;
  readonly category: Category;
  readonly recipientCount: number;
  /** Every recipient of the message is settled. */
  readonly completed: boolean;
  readonly erased: boolean;
  readonly batchId: string | null;
  readonly status: RecipientStatus | null;
  readonly provider: string | null;
  readonly submittedAt: Date | null;
}

export interface MailPlace {
  readonly messageId: string;
  readonly position: number;
}

/** Before all mail. */
export const FIRST_MAIL: MailPlace = { messageId: '00000000-0000-0000-0000-000000000000', position: -1 };

export interface Mentions {
  readonly mentions: ReadonlySet<string>;
  readonly locked: ReadonlySet<string>;
}

/** A person's traces in messages that others got, too: these stay, without the person. */
@Injectable()
export class EraseMailRepository {
  constructor(private readonly database: Database) {}

  async find(
    tx: Queryable,
    of: { readonly address: string; readonly before: Pick<TakenErasure, 'id' | 'requestedAt'> },
    page: { readonly after: MailPlace; readonly limit: number },
  ): Promise<readonly FoundMail[]> {
    const { address, before } = of;
    const { messageId, position } = page.after;
    const values = [address, messageId, position, before.id, page.limit, before.requestedAt];
    return (await tx.query<FoundMail>(sql.FIND_MAIL, values)).rows;
  }

  /** Messages in whose texts or properties an address is found, and those that are encrypted with a missing key. */
  async findMentions(tx: Queryable, messageIds: readonly string[], pattern: string): Promise<Mentions> {
    const { rows } = await tx.query<{ id: string }>(sql.FIND_MENTIONS, [messageIds, pattern]);
    const sealed = await findSealedMentions(tx, this.database.contents, messageIds, pattern);
    return { mentions: new Set([...rows.map(({ id }) => id), ...sealed.mentions]), locked: new Set(sealed.locked) };
  }

  async lockBatches(tx: Queryable, batchIds: readonly string[]): Promise<void> {
    await tx.query(sql.LOCK_BATCHES, [batchIds]);
  }

  /** Erases recipients whose messages stay. @returns how many recipients and events were changed. */
  async erase(
    tx: Queryable,
    mail: readonly MailPlace[],
    traces: {
      readonly pattern: string;
      /** Of messages whose common texts have the address. */
      readonly mentions: readonly string[];
      readonly locations: readonly string[];
    },
  ): Promise<{ readonly recipients: number; readonly events: number }> {
    const { pattern, mentions, locations } = traces;
    const messageIds = mail.map(({ messageId }) => messageId);
    await tx.query(sql.MASK_BATCHES, [messageIds, pattern]);
    await tx.query(sql.MASK_ATTEMPTS, [messageIds, pattern]);
    if (mentions.length > 0) {
      await tx.query(sql.MASK_MESSAGES, [mentions, pattern]);
      await maskSealed(tx, this.database.contents, mentions, pattern);
    }
    const positions = mail.map(({ position }) => position);
    const recipients = (await tx.query(sql.ERASE_RECIPIENTS, [messageIds, positions])).rowCount ?? 0;
    const events = (await tx.query(sql.MASK_EVENTS, [messageIds, pattern])).rowCount ?? 0;
    await tx.query(sql.MASK_ANSWERS, [locations, pattern]);
    return { recipients, events };
  }

  /** Requests to webhook endpoints about these messages. @returns how many were deleted or changed. */
  async eraseDeliveries(
    tx: Queryable,
    messages: { readonly erased: readonly string[]; readonly kept: readonly string[]; readonly pattern: string },
  ): Promise<number> {
    const { erased, kept, pattern } = messages;
    if (erased.length + kept.length === 0) return 0;
    await tx.query(sql.NOTE_AT_ENDPOINTS, [[...erased, ...kept]]);
    const deleted = erased.length === 0 ? 0 : (await tx.query(sql.DELETE_DELIVERIES, [erased])).rowCount;
    const { rowCount: masked } = await tx.query(sql.MASK_DELIVERIES, [[...erased, ...kept], pattern]);
    return (deleted ?? 0) + (masked ?? 0);
  }

  /** Mail that an erasure would find now. */
  async count(
    addresses: readonly string[],
    clientId: ErasureRange,
  ): Promise<{ messages: number; recipients: number; pending: number }> {
    const { rows } = await this.database.pool.query<{ messages: number; recipients: number; pending: number }>(
      sql.COUNT_MAIL,
      [addresses, clientId],
    );
    return rows[0] ?? { messages: 0, recipients: 0, pending: 0 };
  }
}
