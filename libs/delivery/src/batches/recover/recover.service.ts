import { Inject, Injectable } from '@nestjs/common';
import { BatchTransitions, Database, type DueBatch, type LostBatch, RecoveryRepository } from '@gateway/database';
import { CONFIG, LOGGER, Metrics, type Logger } from '@gateway/platform';
import { BatchProducer, reconcileQueueName, trackQueueName } from '@gateway/queue';
import { batchEvent } from '../../events/delivery-events.js';
import { MOST_LOSSES } from '../../shared/losses.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { Recorder } from '../../shared/record.js';
import { effectiveLeaseMs, type Timing } from '../../shared/timing.js';
import { BatchEndings } from '../endings/batch-endings.js';
import { ConfiguredAccounts } from '../../accounts/configured-accounts.js';
import { BacklogFeeder } from './backlog-feeder.js';
import { StrandedRequests } from './stranded-requests.js';

const TAKEN_AT_ONCE = 1000;
const isPoison = ({ status, lossCount }: LostBatch): boolean => status === 'queued' && lossCount >= MOST_LOSSES;

/**
 * Finds due work that no worker is doing, and puts a job for it into the queue (law 1). This recovers everything that
 * the queue may have lost: due batches, batches of lost workers, look-ups, polls.
 */
@Injectable()
export class RecoverService {
  private readonly lost;

  constructor(
    private readonly database: Database,
    private readonly transitions: BatchTransitions,
    private readonly recovery: RecoveryRepository,
    private readonly endings: BatchEndings,
    private readonly recorder: Recorder,
    private readonly providers: ProviderDirectory,
    private readonly feeder: BacklogFeeder,
    private readonly configured: ConfiguredAccounts,
    private readonly stranded: StrandedRequests,
    private readonly producer: BatchProducer,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.lost = metrics.counter('gateway_leases_lost_total', 'Batches taken over from workers that were gone', [
      'provider',
      'became',
    ]);
  }

  /**
   * One sweep over what time has made due: look-ups and polls. Cheap; meant for every second or so. While the queue is
   * away, `DueWork` finds them.
   */
  async sweepSchedule(): Promise<void> {
    const { recovery, timing, producer } = this;
    if (producer.isAway) return;
    const lookups = await recovery.takeLookups(effectiveLeaseMs(timing), TAKEN_AT_ONCE);
    await this.enqueue(lookups.filter(this.hasProcess), (batch) => reconcileQueueName(batch.provider));
    const polls = await recovery.takePolls(effectiveLeaseMs(timing), TAKEN_AT_ONCE);
    await this.enqueue(polls.filter(this.hasProcess), (batch) => trackQueueName(batch.provider));
    await this.stranded.follow(polls.filter((batch) => !this.hasProcess(batch)).map(({ id }) => id));
  }

  private readonly hasProcess = ({ provider }: DueBatch): boolean => !this.configured.stranded.has(provider);

  /** One sweep over what went wrong or was forgotten: lost workers, lost jobs, batches that came too late. */
  async sweepLost(): Promise<void> {
    await this.recoverLeases();
    await this.expire();
    await this.feeder.sweepLostJobs();
  }

  /** Recovers batches of workers that are gone, and writes the events in the same transaction. */
  async recoverLeases(): Promise<void> {
    const { database, transitions, recorder, log } = this;
    const lost = await database.repeatable(async (tx) => {
      const taken = await transitions.recoverLost(tx, TAKEN_AT_ONCE);
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
    for (const { provider, status } of lost) this.lost.inc({ provider, became: status });
    log.warn({ batches: lost.length, unconfirmed }, 'took over from lost workers');
  }

  /** Nothing of it has left, and it would only go on taking workers with it. */
  private async giveUp(batch: LostBatch): Promise<void> {
    const { database, endings, log } = this;
    const detail = `its worker was lost ${batch.lossCount} times before it could post`;
    await database.repeatable((tx) => endings.failBatch(tx, { id: batch.id }, { reason: 'unknown', detail }));
    log.error({ batchId: batch.id, losses: batch.lossCount }, 'a batch failed: its workers were lost too often');
  }

  /**
   * Ends batches that are too late, including doubts about an account that is no longer configured, which are not
   * looked up. Any other doubt ends where its look-up fails.
   */
  private async expire(): Promise<void> {
    const { database, endings, providers, timing, log } = this;
    const { expireMs } = timing;
    const detail = 'its account is no longer configured, so it could not be looked up';
    const doubted = { exceptOf: providers.names, limit: TAKEN_AT_ONCE };
    const unsettled = await database.repeatable(async (tx) => {
      await endings.expireBatches(tx, expireMs, TAKEN_AT_ONCE);
      await endings.expireHeld(tx, expireMs, TAKEN_AT_ONCE);
      return endings.expireDoubt(tx, doubted, { expireMs, detail });
    });
    if (unsettled > 0) log.error({ batches: unsettled }, 'expired in doubt; they may have been sent');
  }

  private async enqueue(batches: readonly DueBatch[], queueOf: (batch: DueBatch) => string): Promise<void> {
    const byQueue = Map.groupBy(batches, queueOf);
    await Promise.all(
      [...byQueue].map(([queueName, group]) =>
        this.producer.enqueue(
          queueName,
          group.map(({ id }) => id),
        ),
      ),
    );
  }
}
