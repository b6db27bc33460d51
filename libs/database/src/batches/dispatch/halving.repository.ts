import { Injectable } from '@nestjs/common';
import type { Delivery } from '@gateway/core';
import type { Queryable } from '../../database.js';
import type { BatchRow } from '../rows.js';
import * as sql from './halving.sql.js';

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
    await tx.query(sql.LOCK, [first]);
    const { rows } = await tx.query<Halving>(sql.FIND_HALVING, [first, messageId, provider]);
    const [row] = rows;
    if (row === undefined) throw new Error('the batch that is halved is gone');
    return row;
  }

  /** How many recipients of a batch still wait for it. */
  async countFollowers(tx: Queryable, batchId: string): Promise<number> {
    const { rows } = await tx.query<{ count: number }>(sql.COUNT_FOLLOWERS, [batchId]);
    return rows[0]?.count ?? 0;
  }

  /** The positions of the nth waiting recipient of a batch (from 0) and of the next one, if there is one. */
  async findMiddle(tx: Queryable, batch: BatchRow, nth: number): Promise<readonly number[]> {
    const { rows } = await tx.query<{ position: number }>(sql.FIND_MIDDLE, [
      batch.messageId,
      batch.positionFrom,
      batch.positionTo,
      nth,
    ]);
    return rows.map(({ position }) => position);
  }

  async countParts(tx: Queryable, first: string, parts: number): Promise<void> {
    await tx.query(sql.COUNT_PARTS, [first, parts]);
  }

  async noteLoneRefusal(tx: Queryable, first: string): Promise<void> {
    await tx.query(sql.NOTE_LONE_REFUSAL, [first]);
  }

  /**
   * Notes that halving is abandoned for the rest. @returns the parts that still wait, locked. A part that a worker is
   * claiming at this moment is left to that worker.
   */
  async giveUp(tx: Queryable, { first, provider }: Family): Promise<readonly { readonly id: string }[]> {
    await tx.query(sql.GIVE_UP, [first]);
    const { rows } = await tx.query<{ id: string }>(sql.FIND_WAITING_PARTS, [first, provider]);
    return rows;
  }
}
