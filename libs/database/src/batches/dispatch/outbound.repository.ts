import { Injectable } from '@nestjs/common';
import type { Recipient } from '@gateway/core';
import { Database, type Queryable } from '../../database.js';
import { toRecipient, type BatchRow, type MessageContentRow, type RecipientRow } from '../rows.js';
import * as sql from './outbound.sql.js';

export type PositionRange = Pick<BatchRow, 'messageId' | 'positionFrom' | 'positionTo'>;

export { FEW_FOLLOWERS } from './outbound.sql.js';

/** Rows of a larger one that are read, and made into recipients, at a time: a login code waits no longer than for that. */
const PIECE = 500;

/** Reads what a batch sends: its message's content, and the recipients still waiting for it. */
@Injectable()
export class OutboundRepository {
  constructor(private readonly database: Database) {}

  /** The content that every batch of these messages carries, in the order of the ids. */
  async findContents(
    ids: readonly string[],
    tx: Queryable = this.database.pool,
  ): Promise<readonly (MessageContentRow | undefined)[]> {
    const { rows } = await tx.query<MessageContentRow>({
      name: 'find-contents',
      text: sql.FIND_CONTENTS,
      values: [ids],
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id));
  }

  /** The recipients of a batch that still follow it, in order: in pieces, so that other batches have their turn. */
  async findManyFollowers({ messageId, positionFrom, positionTo }: PositionRange): Promise<readonly Recipient[]> {
    const all: Recipient[] = [];
    for (let from = positionFrom; from <= positionTo; from += PIECE) {
      const { rows } = await this.database.pool.query<RecipientRow>({
        name: 'find-followers',
        text: sql.FIND_FOLLOWERS,
        values: [messageId, from, Math.min(positionTo, from + PIECE - 1)],
      });
      for (const row of rows) all.push(toRecipient(row));
    }
    return all;
  }

  /** The same of several batches of fewer than `FEW_FOLLOWERS`, in their order. */
  async findFewFollowers(ranges: readonly PositionRange[]): Promise<readonly (readonly Recipient[])[]> {
    const { rows } = await this.database.pool.query<RecipientRow & { nth: number }>({
      name: 'find-few-followers',
      text: sql.FIND_FEW_FOLLOWERS,
      values: [
        ranges.map(({ messageId }) => messageId),
        ranges.map(({ positionFrom }) => positionFrom),
        ranges.map(({ positionTo }) => positionTo),
      ],
    });
    const byRange = Map.groupBy(rows, ({ nth }) => nth);
    return ranges.map((_, i) => (byRange.get(i + 1) ?? []).map(toRecipient));
  }

  /** The first of a batch's recipients that still follow it: the first ones may be suppressed or refused. */
  async findFirstFollower(batch: PositionRange): Promise<Recipient | undefined> {
    const { rows } = await this.database.pool.query<RecipientRow>(sql.FIND_FIRST_FOLLOWER, [
      batch.messageId,
      batch.positionFrom,
      batch.positionTo,
    ]);
    const [row] = rows;
    return row && toRecipient(row);
  }
}
