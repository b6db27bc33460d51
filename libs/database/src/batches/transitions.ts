import { Injectable } from '@nestjs/common';
import type { BatchRange, BatchStatus } from '@gateway/core';
import { Database, type Queryable } from '../database.js';
import { lockMessages } from './lock-messages.js';
import type { BatchRow, DueBatch, Lane, Lease, LostBatch, WhyNot } from './rows.js';
import * as sql from './transitions.sql.js';

export { LONGEST_QUEUE_DELAY_MS } from './transitions.sql.js';
export { transitions, type Transition } from './transition-table.js';

/** A request that a provider has accepted. */
export interface TakenRequest {
  readonly lease: Lease;
  readonly messageId: string;
  readonly requestId: string;
  readonly operation: string;
  readonly firstPollMs: number;
  /** Number of the batch among those that share the request, from 0; absent: it has the request to itself. */
  readonly part?: number;
}

/** A batch to be failed; without a token only while it waits. */
export interface FailingBatch {
  readonly id: string;
  readonly token?: number;
}

/** A part of a batch whose positions are planned again. */
export type NewPart = BatchRange & { readonly id: string };

export interface Replan extends WhyNot {
  /** The account that gets the parts. */
  readonly to: string;
  /** They cover the batch's positions. */
  readonly children: readonly NewPart[];
  /** The first batch, if it is halved. */
  readonly halvedFrom?: string;
  /** The account that the batch leaves, noted in the routing of its message. */
  readonly from?: string;
}

export interface NextPoll {
  readonly status: Extract<BatchStatus, 'submitted' | 'sending' | 'settled' | 'expired' | 'failed' | 'cancelled'>;
  /** Of a batch to a list: all recipients are known. */
  readonly listed?: boolean;
  readonly cursor: unknown;
  /** `undefined`: never again. */
  readonly delayMs?: number;
  /** Of a batch that has expired; `expired` unless given. */
  readonly why?: Pick<WhyNot, 'reason' | 'detail'>;
}

export interface FinishedPoll {
  readonly batchId: string;
  readonly next: NextPoll;
}

/** Which jobs are lost. */
export interface LostJobs {
  /** Those that are so many milliseconds old. */
  readonly afterMs: number;
  /** Those from before that time, too. */
  readonly before?: Date | undefined;
  /** Only of batches whose callers do not want to wait for a quota. */
  readonly impatient?: boolean;
}

/** Which doubtful batches expire: the one that the caller looks up, or all of accounts that are no longer configured. */
export type Doubted = { readonly lease: Lease } | { readonly exceptOf: readonly string[]; readonly limit: number };

/**
 * The only place that sets a batch's status. Each method is one move of the table in core (`batchStates`), written by
 * one statement; a trigger updates the message's counts. A method that takes a lease changes nothing once it is lost.
 */
@Injectable()
export class BatchTransitions {
  constructor(private readonly database: Database) {}

  /**
   * Due batches of a lane whose job is lost, oldest first. They count as enqueued from now on.
   */
  async queueDue({ provider, category }: Lane, lost: LostJobs, limit: number): Promise<DueBatch[]> {
    const values = [provider, category, lost.afterMs, lost.before ?? '-infinity', limit, lost.impatient === true];
    const { rows } = await this.database.pool.query<DueBatch>({ name: 'queue-due', text: sql.QUEUE_DUE, values });
    return rows;
  }

  /**
   * Lets held batches of a message go, at `sendAt` or now. @returns those that were held, and are not too late for
   * `expireMs`.
   */
  async letGo(
    tx: Queryable,
    message: { readonly id: string; readonly sendAt: Date | null },
    expireMs: number,
  ): Promise<readonly BatchRow[]> {
    return this.rows(tx, sql.LET_GO, [message.id, message.sendAt, expireMs]);
  }

  /**
   * Takes batches that are due. The caller alone may post the returned ones, until the lease ends. Batches that are not
   * due, or that another worker has, are left out.
   */
  async claim(batchIds: readonly string[], leaseMs: number): Promise<readonly BatchRow[]> {
    const { rows } = await this.database.pool.query<BatchRow>({
      name: 'claim-batches',
      text: sql.CLAIM,
      values: [batchIds, leaseMs],
    });
    return rows;
  }

  /** The same for parts that were made in this transaction. */
  async claimParts(tx: Queryable, batchIds: readonly string[], leaseMs: number): Promise<readonly BatchRow[]> {
    return this.rows(tx, sql.CLAIM, [batchIds, leaseMs]);
  }

  /** Holds a claimed batch longer. @returns false when the lease is lost. */
  async renewLease({ batchId, token }: Lease, leaseMs: number): Promise<boolean> {
    return this.changed(this.database.pool, sql.RENEW_LEASE, [batchId, token, leaseMs]);
  }

  /** Gives a claimed batch back because its account is closed. It is not looked at again until one opens. */
  async leave({ batchId, token }: Lease): Promise<void> {
    await this.database.pool.query(sql.LEAVE, [batchId, token]);
  }

  /** Gives a claimed batch back untouched, e.g. at shutdown: the attempt never began. */
  async release({ batchId, token }: Lease): Promise<void> {
    await this.database.pool.query(sql.RELEASE, [batchId, token]);
  }

  /**
   * Batches whose worker is gone. If it had begun an attempt, a request may have left: `unconfirmed`. If not, nothing
   * has: `queued` again. The lease token grows, so the old worker's result is refused.
   */
  async recoverLost(tx: Queryable, limit: number): Promise<LostBatch[]> {
    return this.rows(tx, sql.RECOVER_LOST, [limit]);
  }

  /**
   * It waits: after a definite no that may be a yes later, or because its account may not be used now (`untried`: no
   * attempt has begun). @returns false when the lease is lost.
   */
  async defer(
    tx: Queryable,
    { batchId, token }: Lease,
    why: WhyNot & { readonly delayMs: number; readonly untried?: 'waits' | 'failed' },
  ): Promise<boolean> {
    return this.changed(tx, sql.DEFER, [
      batchId,
      token,
      why.delayMs,
      why.reason,
      why.detail,
      why.untried === undefined ? 0 : 1,
      why.untried === 'failed' ? 1 : 0,
      ...wordsOf(why),
    ]);
  }

  /** For a request that may have been sent: the provider is asked from now on. @returns false if the lease is lost. */
  async doubt(
    tx: Queryable,
    { batchId, token }: Lease,
    why: { readonly detail: string; readonly firstLookupMs: number },
  ): Promise<boolean> {
    return this.changed(tx, sql.DOUBT, [batchId, token, why.detail, why.firstLookupMs]);
  }

  /** The same for a batch that waits although an attempt of it has no outcome. */
  async doubtWaiting(tx: Queryable, batchId: string, detail: string): Promise<boolean> {
    return this.changed(tx, sql.DOUBT_WAITING, [batchId, detail]);
  }

  /** Its requests are absent at the provider, so it may be sent again. @returns false when the lease is lost. */
  async resend(tx: Queryable, { batchId, token }: Lease): Promise<boolean> {
    return this.changed(tx, sql.RESEND, [batchId, token]);
  }

  /** Providers have accepted these, or a look-up has found that they had. @returns the ids of those that were held. */
  async take(tx: Queryable, taken: readonly TakenRequest[]): Promise<ReadonlySet<string>> {
    await lockMessages(tx, taken);
    const { rows } = await tx.query<{ id: string }>({
      name: 'take-batches',
      text: sql.TAKE,
      values: [
        taken.map(({ lease }) => lease.batchId),
        taken.map(({ lease }) => lease.token),
        taken.map(({ requestId }) => requestId),
        taken.map(({ operation }) => operation),
        taken.map(({ firstPollMs }) => firstPollMs),
        taken.map(({ part }) => part ?? 0),
      ],
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** Ends polls: how each batch stands, what to remember, when to ask again. */
  async finishPolls(tx: Queryable, polls: readonly FinishedPoll[]): Promise<void> {
    await tx.query({
      name: 'finish-polls',
      text: sql.FINISH_POLLS,
      values: [
        polls.map(({ batchId }) => batchId),
        polls.map(({ next }) => next.status),
        polls.map(({ next }) => (next.cursor === undefined ? null : JSON.stringify(next.cursor))),
        polls.map(({ next }) => next.delayMs ?? null),
        polls.map(({ next }) => next.listed === true),
        polls.map(({ next }) => next.why?.reason ?? null),
        polls.map(({ next }) => next.why?.detail ?? null),
      ],
    });
  }

  /** Replaces a batch by parts that wait; those that the provider has are taken right after. @returns false when the lease is lost. */
  async replan(tx: Queryable, { batchId, token }: Lease, plan: Replan): Promise<boolean> {
    const { from, to, reason, detail, children, halvedFrom } = plan;
    const { rows } = await tx.query<{ messageId: string; followers: number }>(sql.REPLAN, [
      batchId,
      token,
      to,
      reason,
      detail,
      children.map(({ id }) => id),
      children.map((child) => child.from),
      children.map((child) => child.to),
      ...wordsOf(plan),
      halvedFrom ?? null,
    ]);
    const [done] = rows;
    if (done === undefined) return false;
    const failover = from === undefined ? null : JSON.stringify({ from, to, reason });
    await tx.query(sql.COUNT_PARTS, [done.messageId, done.followers, children.length, failover]);
    return true;
  }

  /** Settles a claimed batch that has no recipient left to mail. */
  async settleEmpty({ batchId, token }: Lease): Promise<void> {
    await this.database.pool.query(sql.SETTLE_EMPTY, [batchId, token]);
  }

  /** The same for the waiting batches of a message whose recipients were just looked up in the suppression list. */
  async settleSuppressed(tx: Queryable, messageId: string): Promise<void> {
    await tx.query(sql.SETTLE_SUPPRESSED, [messageId]);
  }

  /** Fails batches that will never be sent, and their followers. @returns those that were held, or waited. */
  async fail(tx: Queryable, batches: readonly FailingBatch[], why: WhyNot): Promise<readonly BatchRow[]> {
    const [ids, tokens] = [batches.map(({ id }) => id), batches.map(({ token }) => token ?? null)];
    return this.rows(tx, sql.FAIL, [ids, tokens, why.reason, why.detail, ...wordsOf(why)]);
  }

  /**
   * Cancels batches that no provider has accepted and no worker is posting. A batch that is released or split meanwhile
   * is not in the statement's snapshot, so the caller repeats this until no row is returned.
   */
  async cancel(tx: Queryable, messageId: string): Promise<readonly BatchRow[]> {
    return this.rows(tx, sql.CANCEL, [messageId]);
  }

  /** Expires batches that no provider has accepted within `expireMs` of their due time; they are never sent. */
  async expire(tx: Queryable, expireMs: number, limit: number): Promise<readonly BatchRow[]> {
    return this.rows(tx, sql.EXPIRE, [expireMs, limit]);
  }

  /** Expires held batches that were not released within `expireMs` of their due time. */
  async expireHeld(tx: Queryable, expireMs: number, limit: number): Promise<readonly BatchRow[]> {
    return this.rows(tx, sql.EXPIRE_HELD, [expireMs, limit]);
  }

  /** Expires batches in doubt for `expireMs`: whether a provider has them is unknown, so they are never sent again. */
  async expireDoubt(
    tx: Queryable,
    doubted: Doubted,
    { expireMs, detail }: { readonly expireMs: number; readonly detail: string },
  ): Promise<readonly BatchRow[]> {
    const which =
      'lease' in doubted ? [doubted.lease.batchId, doubted.lease.token, []] : [null, null, doubted.exceptOf];
    return this.rows(tx, sql.EXPIRE_DOUBT, [expireMs, 'lease' in doubted ? 1 : doubted.limit, detail, ...which]);
  }

  private async rows<Row extends object>(tx: Queryable, text: string, values: unknown[]): Promise<Row[]> {
    return (await tx.query<Row>(text, values)).rows;
  }

  private async changed(tx: Queryable, text: string, values: unknown[]): Promise<boolean> {
    return (await tx.query(text, values)).rowCount === 1;
  }
}

const wordsOf = ({ provider }: WhyNot): readonly (string | null)[] => [
  provider?.code ?? null,
  provider?.message ?? null,
];
