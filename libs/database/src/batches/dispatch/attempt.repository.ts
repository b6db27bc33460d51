import { Injectable } from '@nestjs/common';
import type { ProviderWords } from '@gateway/core';
import { Database, type Queryable } from '../../database.js';
import type { Lease } from '../rows.js';
import type { NewEventRow } from '../../events/event.repository.js';
import * as sql from './attempt.sql.js';

export interface AttemptResult {
  readonly outcome: 'accepted' | 'refused' | 'unconfirmed' | 'adopted' | 'absent';
  readonly operation?: string;
  readonly provider?: ProviderWords;
  readonly detail?: string;
}

/** An attempt whose request a provider has accepted. */
export interface TakenAttempt {
  readonly batchId: string;
  readonly number: number;
  readonly outcome: 'accepted' | 'adopted';
  readonly operation: string;
  readonly httpStatus?: number | undefined;
}

export type Begun = 'begun' | 'lease_lost' | 'over_quota';

/** An attempt that is about to be made. */
export interface NewAttempt {
  readonly id: string;
  readonly number: number;
  readonly marker: string;
  readonly leaseMs: number;
  /** A lease that is no older than that is long enough as it is. */
  readonly freshMs: number;
  readonly recipients: number;
  /** Maximum recipients of the account in a period of its quota; `undefined`: no limit. */
  readonly quota: number | undefined;
  /** Tells that it begins, in the same transaction. */
  readonly event: NewEventRow;
}

export interface AttemptStart {
  readonly lease: Lease;
  readonly attempt: NewAttempt;
}

/** Attempts to post a batch, and what they take of the account's quota. */
@Injectable()
export class AttemptRepository {
  constructor(private readonly database: Database) {}

  /**
   * Was a request for this batch, or for one that it was cut from, ever left without an answer? The attempt that is being
   * made now does not count.
   */
  async wasInDoubt({ id, attemptCount }: { readonly id: string; readonly attemptCount: number }): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ doubted: boolean }>(sql.WAS_IN_DOUBT, [id, attemptCount]);
    return rows[0]?.doubted === true;
  }

  /**
   * Writes attempts before anything is posted (law 3), and takes their recipients from the account's quota in the same
   * statement: many workers never exceed a quota together. If those of one account do not fit into the quota together,
   * all of them are `over_quota`. Unless one has `begun`, nothing of it may be posted.
   */
  async start(starts: readonly AttemptStart[]): Promise<readonly Begun[]> {
    const { rows } = await this.database.pool.query<{ id: string; held: boolean; begun: boolean }>({
      name: 'start-attempts',
      text: sql.START,
      values: [JSON.stringify(starts.map(startJson))],
    });
    const result = new Map(rows.map((row) => [row.id, row]));
    return starts.map(({ attempt }) => {
      const { begun, held } = result.get(attempt.id) ?? { begun: false, held: false };
      if (begun) return 'begun';
      return held ? 'over_quota' : 'lease_lost';
    });
  }

  async finishAttempt(tx: Queryable, batchId: string, number: number, result: AttemptResult): Promise<void> {
    const { provider } = result;
    await tx.query(sql.FINISH, [
      batchId,
      number,
      result.outcome,
      result.operation ?? null,
      provider?.httpStatus ?? null,
      provider?.code ?? null,
      provider?.message ?? null,
      result.detail ?? null,
    ]);
  }

  /** The same for many attempts whose requests providers have accepted. */
  async finishTaken(tx: Queryable, attempts: readonly TakenAttempt[]): Promise<void> {
    await tx.query({
      name: 'finish-taken',
      text: sql.FINISH_TAKEN,
      values: [
        attempts.map(({ batchId }) => batchId),
        attempts.map(({ number }) => number),
        attempts.map(({ outcome }) => outcome),
        attempts.map(({ operation }) => operation),
        attempts.map(({ httpStatus }) => httpStatus ?? null),
      ],
    });
  }

  /** For batches that will get no verdict any more: attempts without an outcome stay `unconfirmed`. */
  async closeDoubted(tx: Queryable, batchIds: readonly string[]): Promise<void> {
    await tx.query(sql.CLOSE_DOUBTED, [batchIds]);
  }
}

const startJson = ({ lease, attempt }: AttemptStart) => ({
  id: attempt.id,
  batch_id: lease.batchId,
  token: lease.token,
  number: attempt.number,
  marker: attempt.marker,
  lease_ms: attempt.leaseMs,
  fresh_ms: attempt.freshMs,
  recipients: attempt.recipients,
  quota: attempt.quota ?? null,
  event_id: attempt.event.id,
  event_type: attempt.event.type,
  event_data: attempt.event.data,
});
