import type { Database, DueBatch, LostBatch, ProviderAccountRepository, RecoveryRepository } from '@gateway/database';
import type { Logger } from '@gateway/platform';
import { dispatchQueueName, reconcileQueueName, trackQueueName, type BatchProducer } from '@gateway/queue';
import { batchEvent, followersEvent } from '../delivery-events.js';
import { MOST_LOSSES } from '../dispatch/dispatch-batches.service.js';
import type { ProviderDirectory } from '../provider-directory.js';
import type { Recorder } from '../record.js';
import { effectiveLeaseMs, type Timing } from '../timing.js';

const TAKEN_AT_ONCE = 1000;
const isPoison = ({ status, lossCount }: LostBatch): boolean => status === 'queued' && lossCount >= MOST_LOSSES;
/** While a queue still has jobs, a batch that is waiting is most likely in one of them. */
const SURELY_LOST_MS = 600_000;

/**
 * Finds work that is due and that nobody is doing, and puts a job for it into the queue (law 1). Everything that the
 * queue could have forgotten comes back this way: due batches, lost workers, look-ups, polls.
 */
export class RecoverService {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly recovery: RecoveryRepository;
      readonly accounts: ProviderAccountRepository;
      readonly recorder: Recorder;
      readonly providers: ProviderDirectory;
      readonly producer: BatchProducer;
      readonly timing: Timing;
      readonly log: Logger;
    },
  ) {}

  /** One sweep over what time has made due: look-ups and polls. Cheap; meant for every second or so. */
  async sweepSchedule(): Promise<void> {
    const { recovery, timing } = this.deps;
    const lookups = await recovery.takeLookups(effectiveLeaseMs(timing), TAKEN_AT_ONCE);
    await this.enqueue(lookups, (batch) => reconcileQueueName(batch.provider));
    const polls = await recovery.takePolls(effectiveLeaseMs(timing), TAKEN_AT_ONCE);
    await this.enqueue(polls, (batch) => trackQueueName(batch.provider));
  }

  /** One sweep over what went wrong or was forgotten: lost workers, lost jobs, batches that came too late. */
  async sweepLost(): Promise<void> {
    await this.recoverLeases();
    await this.expire();
    for (const provider of this.deps.providers.names) await this.recoverJobs(provider);
  }

  /** Takes over what workers held that are gone, and tells it in the same transaction. */
  async recoverLeases(): Promise<void> {
    const { database, recovery, recorder, log } = this.deps;
    const lost = await database.transaction(async (tx) => {
      const taken = await recovery.takeLost(tx, TAKEN_AT_ONCE);
      const doubted = taken.filter(({ status }) => status === 'unconfirmed');
      await recorder.events.insert(
        tx,
        doubted.map((batch) => batchEvent('batch.unconfirmed', batch, { detail: 'its worker is gone' })),
      );
      return taken;
    });
    if (lost.length === 0) return;
    for (const batch of lost) if (isPoison(batch)) await this.giveUp(batch);
    const unconfirmed = lost.filter(({ status }) => status === 'unconfirmed').length;
    log.warn({ batches: lost.length, unconfirmed }, 'took over from lost workers');
  }

  /** Nothing of it has left, and it would only go on taking workers with it. */
  private async giveUp(batch: LostBatch): Promise<void> {
    const { database, recovery, recorder, log } = this.deps;
    const detail = `its worker was lost ${batch.lossCount} times before it could post`;
    await database.transaction(async (tx) => {
      if (!(await recovery.fail(tx, batch.id, detail))) return;
      await recorder.events.insert(tx, [
        batchEvent('batch.refused', batch, { reason: 'unknown', message: detail }),
        followersEvent(batch, 'failed'),
      ]);
      await recorder.completion(tx, batch.messageId);
    });
    log.error({ batchId: batch.id, losses: batch.lossCount }, 'a batch is given up');
  }

  /** A larger quota, or a new month, lets go what waits for it. */
  async sweepQuotas(): Promise<void> {
    const { accounts, providers, timing } = this.deps;
    for (const { name, usedThisMonth } of await accounts.find(providers.names)) {
      const quota = providers.find(name)?.capabilities.limits.recipientsPerMonth;
      const left = quota === undefined ? null : quota - usedThisMonth;
      if (left === null || left > 0) await accounts.releaseQuota(name, left, timing.retryMaxMs);
    }
  }

  /** What nobody hears of in the same transaction would never be told: its message would have no end. */
  private async expire(): Promise<void> {
    const { database, recovery, recorder, timing } = this.deps;
    await database.transaction(async (tx) => {
      const expired = await recovery.takeExpired(tx, timing.expireMs, TAKEN_AT_ONCE);
      await recorder.events.insert(
        tx,
        expired.map((batch) => followersEvent(batch, 'expired')),
      );
      for (const messageId of new Set(expired.map((batch) => batch.messageId)))
        await recorder.completion(tx, messageId);
    });
  }

  private async recoverJobs(provider: string): Promise<void> {
    const idle = await this.isIdle(provider);
    const lostAfterMs = idle ? this.deps.timing.recoveryIntervalMs : SURELY_LOST_MS;
    const due = await this.deps.recovery.takeDue(lostAfterMs, TAKEN_AT_ONCE, [provider]);
    await this.enqueue(due, (batch) => dispatchQueueName(batch.provider, batch.category));
  }

  /** Is nothing waiting in the account's dispatch queues? Then a due batch has no job. */
  private async isIdle(provider: string): Promise<boolean> {
    const lanes = ['authentication', 'transactional', 'marketing'] as const;
    const waiting = await Promise.all(
      lanes.map((lane) => this.deps.producer.waitingJobs(dispatchQueueName(provider, lane))),
    );
    return waiting.every((jobs) => jobs === 0);
  }

  private async enqueue(batches: readonly DueBatch[], queueOf: (batch: DueBatch) => string): Promise<void> {
    const byQueue = Map.groupBy(batches, queueOf);
    await Promise.all(
      [...byQueue].map(([queueName, group]) =>
        this.deps.producer.enqueue(
          queueName,
          group.map(({ id }) => id),
        ),
      ),
    );
  }
}
