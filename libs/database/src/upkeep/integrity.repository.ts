import { Injectable } from '@nestjs/common';
import { encodeId, type Category } from '@gateway/core';
import { recordAct } from '../audit/audit.repository.js';
import { BatchTransitions } from '../batches/transitions.js';
import { Database, type Queryable } from '../database.js';
import * as sql from './integrity.sql.js';

export interface WrongCount {
  readonly what: 'message_counts' | 'batch_counts' | 'stray_recipients' | 'missing_recipients';
  readonly messageId: string;
  readonly batchId: string | null;
  readonly kept: string;
  readonly actual: string;
}

export interface WrongCompletion {
  readonly what: 'untold_completion' | 'early_completion' | 'missing_event';
  readonly messageId: string;
  readonly status: string;
}

export interface UnownedBatch {
  readonly batchId: string;
  readonly messageId: string;
  readonly provider: string;
  readonly category: Category;
  readonly status: string;
  readonly why: 'due, and no job' | 'not looked up' | 'no lease' | 'its lease ended' | 'not followed';
}

export interface OpenAttempt {
  readonly attemptId: string;
  readonly number: number;
  readonly batchId: string;
  readonly messageId: string;
  readonly status: string;
}

const FIRST = '00000000-0000-0000-0000-000000000000';
/** Recipients that one statement looks at; a larger message is looked at alone. */
const RECIPIENTS_AT_ONCE = 100_000;
const ROWS_AT_ONCE = 500;

/** Compares what is kept with what is there, page by page. Every statement sees one moment of a live gateway. */
@Injectable()
export class IntegrityRepository {
  constructor(
    private readonly database: Database,
    private readonly transitions: BatchTransitions,
  ) {}

  /** Ids of all messages, oldest first, in pages of about as many recipients. */
  async *messagePages(): AsyncGenerator<readonly string[]> {
    let after = FIRST;
    for (;;) {
      const rows = await this.database.prisma.message.findMany({
        where: { id: { gt: after } },
        orderBy: { id: 'asc' },
        take: ROWS_AT_ONCE,
        select: { id: true, recipientCount: true },
      });
      const page = fitting(rows).map(({ id }) => id);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      after = last;
    }
  }

  async findWrongCounts(messageIds: readonly string[]): Promise<WrongCount[]> {
    return (await this.database.pool.query<WrongCount>(sql.WRONG_COUNTS, [messageIds])).rows;
  }

  async findWrongCompletions(messageIds: readonly string[]): Promise<WrongCompletion[]> {
    return (await this.database.pool.query<WrongCompletion>(sql.WRONG_COMPLETIONS, [messageIds])).rows;
  }

  async *unownedBatches(lateMs: number): AsyncGenerator<readonly UnownedBatch[]> {
    let after = FIRST;
    for (;;) {
      const { rows } = await this.database.pool.query<UnownedBatch>(sql.UNOWNED_BATCHES, [after, lateMs, ROWS_AT_ONCE]);
      if (rows.length === 0) return;
      yield rows;
      after = rows.at(-1)?.batchId ?? after;
    }
  }

  async *openAttempts(): AsyncGenerator<readonly OpenAttempt[]> {
    let after = FIRST;
    for (;;) {
      const { rows } = await this.database.pool.query<OpenAttempt>(sql.OPEN_ATTEMPTS, [after, ROWS_AT_ONCE]);
      if (rows.length === 0) return;
      yield rows;
      after = rows.at(-1)?.attemptId ?? after;
    }
  }

  /** Those of them that are still open. */
  async findOpenAttempts(attemptIds: readonly string[]): Promise<OpenAttempt[]> {
    return (await this.database.pool.query<OpenAttempt>(sql.OPEN_ATTEMPTS_AMONG, [attemptIds])).rows;
  }

  /** Which of these batches there are. */
  async findBatches(batchIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.prisma.batch.findMany({
      where: { id: { in: [...batchIds] } },
      select: { id: true },
    });
    return new Set(rows.map(({ id }) => id));
  }

  async findAccounts(): Promise<readonly string[]> {
    return (await this.database.pool.query<{ name: string }>(sql.ACCOUNTS)).rows.map(({ name }) => name);
  }

  /** Sets the counts of a message and its batches by its recipients. Other changes of them wait. */
  async mendCounts(tx: Queryable, messageId: string): Promise<void> {
    await lock(tx, messageId);
    await tx.query(sql.MEND_BATCHES, [[messageId]]);
    // The batches have moved these by their trigger; what they should be does not depend on what they were.
    await tx.query(sql.MEND_MESSAGE, [[messageId]]);
  }

  /** @returns whether the timeline has the message's completion event, and the message's status. */
  async lockCompletion(
    tx: Queryable,
    messageId: string,
  ): Promise<{ told: boolean; status: string; counts: unknown } | undefined> {
    await lock(tx, messageId);
    const { rows } = await tx.query<{ told: boolean; status: string; counts: unknown }>(sql.FIND_COMPLETION, [
      messageId,
    ]);
    return rows[0];
  }

  async setCompleted(tx: Queryable, messageId: string): Promise<void> {
    const prisma = await this.database.prismaOn(tx);
    await prisma.message.updateMany({
      where: { id: messageId, completedAt: null },
      data: { completedAt: await this.database.timeOf(tx) },
    });
  }

  /** Brings a batch back before those who sweep. @returns false when it is not as it was found. */
  async bringBack({ batchId, status }: UnownedBatch): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const { rowCount } = await tx.query(sql.BRING_BACK, [batchId, status]);
      const target = encodeId('batch', batchId);
      if (rowCount === 1) recordAct(this.database, tx, { action: 'doctor.bring_back', target });
      return rowCount === 1;
    });
  }

  /**
   * Ends an attempt whose outcome was never written. A batch that waits to be sent is looked up first: the attempt may
   * have arrived.
   */
  async closeAttempt(tx: Queryable, { attemptId, batchId }: OpenAttempt): Promise<'looked up' | 'closed' | undefined> {
    const { rows } = await tx.query<{ waits: boolean }>(sql.LOCK_BATCH, [batchId]);
    const [batch] = rows;
    if (batch === undefined) return undefined;
    if (batch.waits) {
      await this.transitions.doubtWaiting(tx, batchId, 'an attempt had no outcome');
      return 'looked up';
    }
    const { rowCount } = await tx.query(sql.CLOSE_ATTEMPT, [attemptId]);
    return rowCount === 1 ? 'closed' : undefined;
  }
}

/** Locks batches before their message, as everywhere else. */
async function lock(tx: Queryable, messageId: string): Promise<void> {
  await tx.query(sql.WAIT_BRIEFLY);
  await tx.query(sql.LOCK_BATCHES, [messageId]);
  await tx.query(sql.LOCK_MESSAGE, [messageId]);
}

function fitting<T extends { readonly recipientCount: number }>(rows: readonly T[]): readonly T[] {
  let total = 0;
  const end = rows.findIndex(
    ({ recipientCount }, index) => (total += recipientCount) > RECIPIENTS_AT_ONCE && index > 0,
  );
  return end < 0 ? rows : rows.slice(0, end);
}
