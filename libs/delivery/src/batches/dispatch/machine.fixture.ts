import { expect } from '@jest/globals';
import { batchStates, followedBatchStatuses, unsentBatchStatuses, type BatchStatus } from '@gateway/core';
import {
  IntegrityRepository,
  type AttemptRepository,
  type BatchRow,
  type BatchTransitions,
  type Database,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { GivenMessage } from '@gateway/testing';
import { batchEvent } from '../../events/delivery-events.js';
import { leaseOf } from '../../shared/lease.js';
import type { Recorder } from '../../shared/record.js';
import type { BatchEndings } from '../endings/batch-endings.js';
import type { ReconcileBatchesService } from '../reconcile/reconcile-batches.service.js';
import type { RecoverService } from '../recover/recover.service.js';
import type { BatchHolder } from './hold-batches.js';
import { isIn, overlap, reachable, type MachineBatch, type Refusal, type Worker } from './machine-rules.fixture.js';
import { machineServices } from './machine-services.fixture.js';
import { MachineVendor } from './machine-vendor.fixture.js';
import type { OutcomeRecorder } from './record-outcome.js';

const MINUTE = 60_000;

/**
 * The services that move a batch, on a real database, with workers that may die or report late at any moment, and a
 * provider that may take a post, refuse it or never see it, whatever answer the worker gets.
 */
export class Machine {
  readonly vendor = new MachineVendor();
  private readonly workers: Worker[] = [];
  private readonly transitions: BatchTransitions;
  private readonly attempts: AttemptRepository;
  private readonly holder: BatchHolder;
  private readonly outcomes: OutcomeRecorder;
  private readonly reconcile: ReconcileBatchesService;
  private readonly recover: RecoverService;
  private readonly recorder: Recorder;
  private readonly endings: BatchEndings;
  private readonly doubted = new Set<string>();
  private readonly before = new Map<string, BatchStatus>();

  constructor(
    private readonly database: Database,
    private readonly message: GivenMessage,
  ) {
    const services = machineServices(database, this.vendor);
    this.transitions = services.transitions;
    this.attempts = services.attempts;
    this.recorder = services.recorder;
    this.endings = services.endings;
    this.holder = services.holder;
    this.outcomes = services.outcomes;
    this.reconcile = services.reconcile;
    this.recover = services.recover;
  }

  async batchIds(): Promise<readonly string[]> {
    return (await this.batches()).map(({ id }) => id);
  }

  private async batches(): Promise<readonly MachineBatch[]> {
    const { rows } = await this.database.pool.query<MachineBatch>(
      `SELECT id, status::text, position_from AS "from", position_to AS "to" FROM batch WHERE message_id = $1
       ORDER BY position_from, id`,
      [this.message.messageId],
    );
    return rows;
  }

  private set(batchId: string, sql: string) {
    return this.database.pool.query(`UPDATE batch SET ${sql} WHERE id = $1`, [batchId]);
  }

  /** Jobs for the batch arrive, each at its own worker. */
  async claim(batchId: string, jobs: number): Promise<void> {
    const claims = await Promise.all(Array.from({ length: jobs }, () => this.transitions.claim([batchId], MINUTE)));
    for (const batch of claims.flat()) this.workers.push({ batch, post: undefined });
  }

  private workerOf(nth: number, wanted: (worker: Worker) => boolean): Worker | undefined {
    const able = this.workers.filter(wanted);
    return able[nth % Math.max(1, able.length)];
  }

  private forget(worker: Worker): void {
    this.workers.splice(this.workers.indexOf(worker), 1);
  }

  /** A worker writes its attempt and posts, if it may. */
  async begin(nth: number): Promise<void> {
    const worker = this.workerOf(nth, ({ post }) => post === undefined);
    if (worker === undefined) return;
    const { batch } = worker;
    const marker = `${batch.id}.${batch.attemptCount}`;
    const recipients = batch.positionTo - batch.positionFrom + 1;
    const attempt = {
      id: newUuid(),
      number: batch.attemptCount,
      marker,
      recipients,
      quota: undefined,
      leaseMs: MINUTE,
      freshMs: 5000,
      event: batchEvent('batch.dispatched', batch, {}),
    };
    const [begun] = await this.attempts.start([{ lease: leaseOf(batch), attempt }]);
    if (begun !== 'begun') return this.forget(worker);
    await this.expectNoDoubt(batch);
    worker.post = { marker, batch, fate: 'undecided' };
    this.vendor.posts.push(worker.post);
  }

  /** Law 4: every earlier post for these recipients has ended in a definite refusal or in settled absence. */
  private async expectNoDoubt(batch: BatchRow): Promise<void> {
    const former = this.vendor.posts.filter((post) => overlap(post.batch, batch));
    expect(former.map(({ fate }) => fate).filter((fate) => fate === 'taken' || fate === 'undecided')).toEqual([]);
    const { rows } = await this.database.pool.query<{ outcome: string | null }>(
      'SELECT outcome FROM attempt WHERE marker = ANY ($1)',
      [former.map(({ marker }) => marker)],
    );
    expect(rows.map(({ outcome }) => outcome).filter((o) => o !== 'refused' && o !== 'absent')).toEqual([]);
  }

  /** A worker hears of its post, or not, and writes that, however late: then it is done. */
  async result(nth: number, heard: boolean, scope: Refusal): Promise<void> {
    const worker = this.workerOf(nth, ({ post }) => post !== undefined);
    if (worker?.post === undefined) return;
    this.forget(worker);
    const { fate, marker } = worker.post;
    const refusedRecipients: readonly never[] = [];
    if (heard && fate === 'taken') {
      const accepted = { outcome: 'accepted', requestId: marker, operation: 'send', httpStatus: 200 } as const;
      return this.outcomes.settle(worker.batch, { ...accepted, refusedRecipients });
    }
    if (heard && fate === 'refused') {
      const refused = { outcome: 'refused', operation: 'send', reason: 'throttled', scope, provider: {} } as const;
      return this.outcomes.settle(worker.batch, { ...refused, refusedRecipients });
    }
    return this.outcomes.settle(worker.batch, { outcome: 'unconfirmed', detail: 'no answer', provider: {} });
  }

  /** kill -9. */
  die(nth: number): void {
    const worker = this.workerOf(nth, () => true);
    if (worker !== undefined) this.forget(worker);
  }

  /** It has to wait before anything was tried, its account is closed, or its worker stops. */
  async giveBack(nth: number, how: 'hold' | 'release' | 'leave'): Promise<void> {
    const worker = this.workerOf(nth, ({ post }) => post === undefined);
    if (worker === undefined) return;
    this.forget(worker);
    if (how !== 'hold') return this.transitions[how](leaseOf(worker.batch));
    const why = { reason: 'throttled', detail: '', delayMs: 1, elsewhere: false, untried: 'waits' } as const;
    return this.holder.hold(worker.batch, why);
  }

  /** The lease of a batch ends. The worker that held it may still run and not know. */
  async loseLease(batchId: string): Promise<void> {
    await this.set(batchId, `lease_until = now() - interval '1 s'`);
    await this.recover.recoverLeases();
  }

  /**
   * One worker, or two at once, look the batch up. A request in flight has arrived by now or never will: the settling
   * time ensures that. A provider that is away does not answer.
   */
  async lookUp(batchId: string, how: { readonly arrives: boolean; readonly away: boolean; readonly times: number }) {
    for (let i = 0; i < how.times; i += 1) {
      await this.set(batchId, `next_attempt_at = now() - interval '1 s'`);
      const doubted = (await this.batches()).some(({ id, status }) => id === batchId && status === 'unconfirmed');
      if (!doubted) return;
      const open = this.vendor.posts.filter(({ batch, fate }) => batch.id === batchId && fate === 'undecided');
      for (const post of open) post.fate = how.arrives ? 'taken' : 'lost';
      this.vendor.away = how.away;
      await Promise.all([this.reconcile.execute([batchId]), this.reconcile.execute([batchId])]);
    }
  }

  async cancel(): Promise<void> {
    await this.database.transaction((tx) => this.transitions.cancel(tx, this.message.messageId));
  }

  /** The batch is due, and a sweep finds it. */
  async comeDue(batchId: string): Promise<void> {
    await this.set(batchId, `next_attempt_at = now() - interval '1 s', enqueued_at = NULL`);
    for (const provider of ['first', 'second']) {
      await this.transitions.queueDue({ provider, category: 'transactional' }, { afterMs: 0 }, 10);
    }
  }

  async expire(batchId: string): Promise<void> {
    await this.set(batchId, `due_at = now() - interval '1 hour'`);
    await this.database.transaction((tx) => this.transitions.expire(tx, MINUTE, 10));
  }

  /** No provider could be asked about the batch for too long: the fate of its last post stays unknown. */
  async expireDoubt(batchId: string): Promise<void> {
    await this.database.pool.query(`UPDATE attempt SET started_at = now() - interval '1 day' WHERE batch_id = $1`, [
      batchId,
    ]);
    await this.set(batchId, `due_at = now() - interval '1 day'`);
    const noAccounts = { exceptOf: [], limit: 10 };
    const expired = await this.database.transaction((tx) =>
      this.endings.expireDoubt(tx, noAccounts, { expireMs: 60 * MINUTE, detail: 'away' }),
    );
    if (expired > 0) this.doubted.add(batchId);
  }

  /** The provider reports on the recipients of a batch that it has. */
  async report(batchId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const batch = (await this.recorder.tracking.lock(tx, [batchId])).get(batchId);
      if (batch?.status !== 'submitted' && batch?.status !== 'sending') return;
      const address = `r.${batch.positionFrom}@example.com`;
      await this.recorder.reports(tx, [{ batch, reports: [{ address, status: 'delivered' }] }]);
      await this.transitions.finishPolls(tx, [{ batchId, next: { status: 'sending', cursor: undefined } }]);
    });
  }

  /** Checks the invariants that hold after every step. */
  async expectInOrder(): Promise<void> {
    const counts = await new IntegrityRepository(this.database, this.transitions).findWrongCounts([
      this.message.messageId,
    ]);
    expect(counts).toEqual([]);
    const batches = await this.batches();
    for (const { id, status } of batches) {
      const before = this.before.get(id) ?? status;
      expect(`${before} → ${status}: ${reachable(before).has(status)}`).toBe(`${before} → ${status}: true`);
      this.before.set(id, status);
    }
    for (let position = 0; batches.some(({ to }) => position <= to); position += 1)
      expect(this.vendor.mailsAt(position)).toBeLessThanOrEqual(1);
  }

  /** All workers continue without further faults: in the end each recipient has the outcome of its batch. */
  async finish(): Promise<void> {
    for (let round = 0; round < 40; round += 1) {
      const waiting = (await this.batches()).filter(
        ({ status }) => batchStates[status].next.length > 0 && status !== 'submitted',
      );
      if (waiting.every(({ status }) => status === 'sending')) break;
      for (const { id } of waiting) await this.workOn(id);
      await this.expectInOrder();
    }
    const batches = (await this.batches()).filter(({ status }) => status !== 'replanned');
    for (const { id, status, from, to } of batches) {
      if (this.doubted.has(id)) {
        expect(status).toBe('expired');
        continue;
      }
      const sent = isIn(followedBatchStatuses, status);
      expect([status, sent || isIn(unsentBatchStatuses, status)]).toEqual([status, true]);
      for (let at = from; at <= to; at += 1) expect([status, this.vendor.mailsAt(at)]).toEqual([status, sent ? 1 : 0]);
    }
  }

  private async workOn(batchId: string): Promise<void> {
    this.workers.length = 0;
    await this.loseLease(batchId);
    await this.lookUp(batchId, { arrives: false, away: false, times: 4 });
    await this.comeDue(batchId);
    await this.claim(batchId, 2);
    await this.begin(0);
    const post = this.workers[0]?.post;
    if (post === undefined) return;
    post.fate = 'taken';
    await this.result(0, true, 'moment');
  }
}
