import { Injectable } from '@nestjs/common';
import type { BatchStatus, RecipientStatus } from '@gateway/core';
import { Database } from '../database.js';
import * as sql from './diagnosis.sql.js';

/** Batches of a message that are in the same state at the same account for the same reason. */
export interface AlikeBatches {
  readonly provider: string;
  readonly status: BatchStatus;
  readonly reason: string | null;
  readonly detail: string | null;
  /** The provider's code, and its words in one of the batches. */
  readonly code: string | null;
  readonly message: string | null;
  readonly batches: number;
  readonly recipients: number;
  /** The earliest of the group. */
  readonly dueAt: Date;
  readonly nextAttemptAt: Date;
  readonly nextPollAt: Date | null;
  readonly submittedAt: Date | null;
  /** When the oldest request without an answer was posted. */
  readonly postedAt: Date | null;
  /** The most that one batch was looked up. */
  readonly lookups: number;
}

/** Recipients that did not get the mail, alike in status, reason and the provider's code. */
export interface LossGroup {
  readonly provider: string;
  readonly status: RecipientStatus;
  readonly reason: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly recipients: number;
}

/** Recipients that are read for the reasons, and batches in which they are searched. */
const MOST_LOSSES = 1000;
const MOST_DAMAGED_BATCHES = 5;

/** The facts from which it is explained why a message is where it is. Bounded work, however large the message is. */
@Injectable()
export class DiagnosisRepository {
  constructor(private readonly database: Database) {}

  async findBatchGroups(clientId: string, messageId: string): Promise<readonly AlikeBatches[]> {
    const { rows } = await this.database.pool.query<AlikeBatches>(sql.FIND_BATCH_GROUPS, [clientId, messageId]);
    return rows;
  }

  /** Of the first 1,000 in the first five batches that have any. */
  async findLosses(clientId: string, messageId: string): Promise<readonly LossGroup[]> {
    const values = [clientId, messageId, MOST_LOSSES, MOST_DAMAGED_BATCHES];
    const { rows } = await this.database.pool.query<LossGroup>(sql.FIND_LOSSES, values);
    return rows;
  }
}
