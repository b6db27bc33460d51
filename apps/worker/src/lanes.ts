import { categories, type Category } from '@gateway/core';
import {
  DispatchBatchesService,
  DueWork,
  ProviderDirectory,
  ReconcileBatchesService,
  TrackBatchesService,
} from '@gateway/delivery';
import { CONFIG, LOGGER, Metrics, type GatewayConfig, type Logger } from '@gateway/platform';
import {
  BatchWorkers,
  dispatchQueueName,
  QueueBackend,
  reconcileQueueName,
  trackQueueName,
  type BatchHandler,
} from '@gateway/queue';
import { Inject, Injectable } from '@nestjs/common';

/**
 * Jobs at once in each lane of each account. Login codes get most room, so that they never queue behind each other; their
 * jobs hold few batches. In the other lanes a job may have forty, all under way together: each of these lanes, with the
 * polls, fits into the account's connections (`HttpClient`), or a request's time would run out while it waits for one.
 */
const LANE_CONCURRENCY: Record<Category, number> = { authentication: 16, transactional: 4, marketing: 4 };
const RECONCILE_CONCURRENCY = 4;
const TRACK_CONCURRENCY = 4;
const LONGEST_JOB_LOCK_MS = 30_000;

/** Does the work of every account that this worker is configured for: jobs, or what is due while the queue is away. */
@Injectable()
export class Lanes {
  private readonly workers: BatchWorkers;
  private readonly direct;

  constructor(
    private readonly dispatch: DispatchBatchesService,
    private readonly reconcile: ReconcileBatchesService,
    private readonly track: TrackBatchesService,
    private readonly due: DueWork,
    { names }: ProviderDirectory,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    backend: QueueBackend,
    metrics: Metrics,
    @Inject(LOGGER) log: Logger,
  ) {
    const failed = metrics.counter('gateway_failed_jobs_total', 'Jobs that ended in an error');
    const away = metrics.gauge('gateway_queue_away', '1 while this process does without the queue, because it is away');
    away.set(Number(backend.watch.isAway));
    backend.watch.onChange((isAway) => away.set(Number(isAway)));
    this.direct = metrics.counter(
      'gateway_direct_batches_total',
      'Batches taken from the database because the queue was away',
    );
    this.workers = new BatchWorkers(
      backend,
      names.flatMap((account) => this.handlersOf(account)).map((handler) => this.counted(handler)),
      {
        lockMs: Math.min(config.leaseMs, LONGEST_JOB_LOCK_MS),
        onFailed: (error) => {
          failed.inc();
          log.error({ err: error }, 'a job failed; the sweep brings its batches again');
        },
      },
    );
  }

  start(): void {
    this.workers.start();
  }

  /** Resolves when no job is being worked on. */
  close(): Promise<void> {
    return this.workers.close();
  }

  private counted(handler: BatchHandler): BatchHandler {
    const due = async (limit: number): Promise<readonly string[]> => {
      const batchIds = await handler.due(limit);
      this.direct.inc(batchIds.length);
      return batchIds;
    };
    return { ...handler, due };
  }

  private handlersOf(account: string): BatchHandler[] {
    const { workerLanes: lanes } = this.config;
    const dispatching = categories
      .filter((category) => lanes.includes(category))
      .map((category) => ({
        queueName: dispatchQueueName(account, category),
        concurrency: LANE_CONCURRENCY[category],
        handle: (batchIds: readonly string[]) => this.dispatch.execute({ provider: account, category }, batchIds),
        due: (limit: number) => this.due.dispatch({ provider: account, category }, limit),
      }));
    return lanes.includes('upkeep') ? [...dispatching, ...this.upkeepOf(account)] : dispatching;
  }

  /** Work after a post: doubts are settled, and requests that a provider took are tracked. */
  private upkeepOf(account: string): BatchHandler[] {
    return [
      {
        queueName: reconcileQueueName(account),
        concurrency: RECONCILE_CONCURRENCY,
        handle: (batchIds) => this.reconcile.execute(batchIds),
        due: (limit) => this.due.reconcile(account, limit),
      },
      {
        queueName: trackQueueName(account),
        concurrency: TRACK_CONCURRENCY,
        handle: (batchIds) => this.track.execute(batchIds),
        due: (limit) => this.due.track(account, limit),
      },
    ];
  }
}
