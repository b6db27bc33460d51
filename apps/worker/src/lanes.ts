import { categories, type Category } from '@gateway/core';
import {
  DispatchBatchesService,
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
 * jobs hold few batches. In the other lanes a job may have twenty, all under way together: each of these lanes fits into
 * the account's connections (`HttpClient`), or a request's time would run out while it waits for one.
 */
const LANE_CONCURRENCY: Record<Category, number> = { authentication: 16, transactional: 6, marketing: 4 };
const RECONCILE_CONCURRENCY = 4;
const TRACK_CONCURRENCY = 4;
const LONGEST_JOB_LOCK_MS = 30_000;

/** Takes the jobs of every account that this worker is configured for. */
@Injectable()
export class Lanes {
  private readonly workers: BatchWorkers;

  constructor(
    private readonly dispatch: DispatchBatchesService,
    private readonly reconcile: ReconcileBatchesService,
    private readonly track: TrackBatchesService,
    { names }: ProviderDirectory,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    backend: QueueBackend,
    metrics: Metrics,
    @Inject(LOGGER) log: Logger,
  ) {
    const failed = metrics.counter('gateway_failed_jobs_total', 'Jobs that ended in an error');
    this.workers = new BatchWorkers(
      backend,
      names.flatMap((account) => this.handlersOf(account)),
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

  private handlersOf(account: string): BatchHandler[] {
    const { workerLanes: lanes } = this.config;
    const dispatching = categories
      .filter((category) => lanes.includes(category))
      .map((category) => ({
        queueName: dispatchQueueName(account, category),
        concurrency: LANE_CONCURRENCY[category],
        handle: (batchIds: readonly string[]) => this.dispatch.execute(account, batchIds),
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
      },
      {
        queueName: trackQueueName(account),
        concurrency: TRACK_CONCURRENCY,
        handle: (batchIds) => this.track.execute(batchIds),
      },
    ];
  }
}
