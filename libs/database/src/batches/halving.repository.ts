import { Injectable } from '@nestjs/common';
import type { Delivery } from '@gateway/core';
import type { Queryable } from '../database.js';
import type { BatchRow } from './rows.js';
import { DELAYED } from './status-lists.js';

/** The progress of a batch's halving. Locked until the transaction ends. */
export interface Halving {
  readonly delivery: Delivery;
  /** Recipients of the first batch. */
  readonly recipients: number;
  /** Parts made so far; each costs one request. */
  readonly parts: number;
  /** Parts of a single recipient that were refused. */
  readonly loneRefusals: number;
  /** Has the account taken any request of this message? */
  readonly someTaken: boolean;
  /** Other batches of this message whose halving showed that the account refuses all recipients. */
  readonly othersGivenUp: number;
}

interface Family {
  readonly messageId: string;
  readonly provider: string;
  /** The first batch, refused as a whole. */
  readonly first: string;
}

/** Statements by which a batch that a provider refused as a whole is halved. */
@Injectable()
export class HalvingRepository {
  /** Parts of one batch decide one after the other. */
  async lock(tx: Queryable, { messageId, provider, first }: Family): Promise<Halving> {
    // A statement of its own: what follows must see what the transaction that held the lock has written.
    await tx.query('SELECT FROM batch WHERE id = $1 FOR NO KEY UPDATE', [first]);
    const { rows } = await tx.query<Halving>(
      `SELECT (SELECT delivery FROM message WHERE id = $2) AS delivery, recipient_count AS recipients, coalesce(halving_parts, 0) AS parts,
         coalesce(lone_refusals, 0) AS "loneRefusals",
         EXISTS (SELECT FROM batch WHERE message_id = $2 AND provider = $3 AND submitted_at IS NOT NULL) AS "someTaken",
         (SELECT count(*)::int FROM batch
          WHERE message_id = $2 AND provider = $3 AND halving_given_up AND id <> $1) AS "othersGivenUp"
       FROM batch WHERE id = $1`,
      [first, messageId, provider],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the batch that is halved is gone');
    return row;
  }

  /** How many recipients of a batch still wait for it. */
  async countFollowers(tx: Queryable, batchId: string): Promise<number> {
    const { rows } = await tx.query<{ count: number }>('SELECT follower_count AS count FROM batch WHERE id = $1', [
      batchId,
    ]);
    return rows[0]?.count ?? 0;
  }

  /** The positions of the nth waiting recipient of a batch (from 0) and of the next one, if there is one. */
  async findMiddle(tx: Queryable, batch: BatchRow, nth: number): Promise<readonly number[]> {
    const { rows } = await tx.query<{ position: number }>(
      `SELECT position FROM recipient
       WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NULL ORDER BY position OFFSET $4 LIMIT 2`,
      [batch.messageId, batch.positionFrom, batch.positionTo, nth],
    );
    return rows.map(({ position }) => position);
  }

  async countParts(tx: Queryable, first: string, parts: number): Promise<void> {
    await tx.query('UPDATE batch SET halving_parts = coalesce(halving_parts, 0) + $2 WHERE id = $1', [first, parts]);
  }

  async noteLoneRefusal(tx: Queryable, first: string): Promise<void> {
    await tx.query('UPDATE batch SET lone_refusals = coalesce(lone_refusals, 0) + 1 WHERE id = $1', [first]);
  }

  /**
   * Notes that halving is abandoned for the rest. @returns the parts that still wait, locked. A part that a worker is
   * claiming at this moment is left to that worker.
   */
  async giveUp(tx: Queryable, { first, provider }: Family): Promise<readonly { readonly id: string }[]> {
    await tx.query('UPDATE batch SET halving_given_up = true WHERE id = $1', [first]);
    const { rows } = await tx.query<{ id: string }>(
      `SELECT id FROM batch WHERE halved_from = $1 AND provider = $2 AND status IN ${DELAYED}
       ORDER BY id FOR UPDATE SKIP LOCKED`,
      [first, provider],
    );
    return rows;
  }
}
