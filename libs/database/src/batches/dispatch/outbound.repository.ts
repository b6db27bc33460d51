import { Injectable } from '@nestjs/common';
import type { Recipient } from '@gateway/core';
import type { ContentLockedError } from '../../contents/content-locked.error.js';
import { openEach, unlessLocked, VariablesReader } from '../../contents/message-contents.js';
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

  /** The content that every batch of these messages carries, in the order of the ids; some may be locked. */
  async findContents(
    ids: readonly string[],
    tx: Queryable = this.database.pool,
  ): Promise<readonly (MessageContentRow | ContentLockedError | undefined)[]> {
    const { rows } = await tx.query<MessageContentRow & { readonly contentKey: string | null }>({
      name: 'find-contents',
      text: sql.FIND_CONTENTS,
      values: [ids],
    });
    const opened = openEach(this.database.contents, rows);
    const byId = new Map(rows.map(({ id }, i) => [id, opened[i]]));
    return ids.map((id) => byId.get(id));
  }

  /** The recipients of a batch that still follow it, in order; throws ContentLockedError. In pieces, so that other batches have their turn. */
  async findManyFollowers({ messageId, positionFrom, positionTo }: PositionRange): Promise<readonly Recipient[]> {
    const all: Recipient[] = [];
    const reader = new VariablesReader(this.database.contents);
    for (let from = positionFrom; from <= positionTo; from += PIECE) {
      const { rows } = await this.database.pool.query<RecipientRow>({
        name: 'find-followers',
        text: sql.FIND_FOLLOWERS,
        values: [messageId, from, Math.min(positionTo, from + PIECE - 1)],
      });
      for (const row of rows) all.push(toRecipient(row, reader));
    }
    return all;
  }

  /** The same of several batches, some of which may be locked, of fewer than `FEW_FOLLOWERS`, in their order. */
  async findFewFollowers(
    ranges: readonly PositionRange[],
  ): Promise<readonly (readonly Recipient[] | ContentLockedError)[]> {
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
    const reader = new VariablesReader(this.database.contents);
    return ranges.map((_, i) => unlessLocked(() => (byRange.get(i + 1) ?? []).map((row) => toRecipient(row, reader))));
  }

  /** The first of a batch's recipients that still follow it: the first ones may be suppressed or refused. */
  async findFirstFollower(batch: PositionRange): Promise<Recipient | undefined> {
    const { rows } = await this.database.pool.query<RecipientRow>(sql.FIND_FIRST_FOLLOWER, [
      batch.messageId,
      batch.positionFrom,
      batch.positionTo,
    ]);
    const [row] = rows;
    return row && toRecipient(row, new VariablesReader(this.database.contents));
  }
}
