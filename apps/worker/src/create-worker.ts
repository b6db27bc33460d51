import { categories, type Category, type EmailProvider } from '@gateway/core';
import { openDatabase, type Database } from '@gateway/database';
import { Metrics, type Logger, type WorkerLane } from '@gateway/platform';
import { connectAccounts, inOrder } from '@gateway/providers';
import {
  BatchProducer,
  BatchWorkers,
  dispatchQueueName,
  openQueueBackend,
  reconcileQueueName,
  trackQueueName,
  type BatchHandler,
} from '@gateway/queue';
import { ProviderMetrics } from './metered-provider.js';
import { WorkerOperations } from './operations.js';
import { createServices, type Services } from './services.js';
import type { WorkerSettings } from './settings.js';
import { Sweeper, type Sweep } from './sweeper.js';
import { Worker } from './worker.js';

/**
 * Jobs at once in each lane of each account. Login codes get most room, so that they never queue behind each other; their
 * jobs hold few batches. In the other lanes a job may have twenty, all under way together: each of these lanes fits into
 * the account's connections (`HttpClient`), or a request's time would run out while it waits for one.
 */
const LANE_CONCURRENCY: Record<Category, number> = { authentication: 16, transactional: 6, marketing: 4 };
const RECONCILE_CONCURRENCY = 4;
const TRACK_CONCURRENCY = 4;
const DATABASE_CONNECTIONS = 16;
const QUEUE_CONNECTIONS = 32;
const LONGEST_JOB_LOCK_MS = 30_000;
const LONGEST_SCHEDULE_SWEEP_MS = 1000;
const STATISTICS_SWEEP_MS = 10_000;
const PARTITION_SWEEP_MS = 3_600_000;
const RETENTION_SWEEP_MS = 3_600_000;

/** Puts a worker together from its settings: the one place where use cases meet databases, queues and providers. */
export async function createWorker(settings: WorkerSettings, log: Logger): Promise<Worker> {
  const onError = (error: Error): void => log.warn({ err: error }, 'connection trouble');
  const { config, databaseUrl } = settings;
  const database = await openDatabase({
    url: databaseUrl,
    connections: DATABASE_CONNECTIONS,
    applicationName: 'gateway-worker',
    onError,
  });
  const backend = await openQueueBackend({
    redisNodes: config.redis?.nodes ?? [],
    databaseUrl,
    connections: QUEUE_CONNECTIONS,
    onError,
  });
  const metrics = new Metrics({ process: 'worker' });
  const measured = new ProviderMetrics(metrics);
  const accounts = connectAccounts(settings.accounts, config.providerTimeoutMs);
  const providers = inOrder(accounts.providers, config.providerOrder).map((provider) => measured.measure(provider));
  const producer = new BatchProducer(backend);
  const failedJobs = metrics.counter('gateway_failed_jobs_total', 'Jobs that ended in an error');
  const stopping = new AbortController();
  const services = createServices({ database, producer, providers, settings, stopping, metrics, log });
  const sweeps = config.workerLanes.includes('upkeep') ? sweepsOf(services, database, settings) : [];
  const sweeper = new Sweeper(sweeps, log, metrics);
  return new Worker({
    database,
    backend,
    producer,
    workers: new BatchWorkers(backend, handlersOf(services, providers, config.workerLanes), {
      lockMs: Math.min(config.leaseMs, LONGEST_JOB_LOCK_MS),
      onFailed: (error) => {
        failedJobs.inc();
        log.error({ err: error }, 'a job failed; the sweep brings its batches again');
      },
    }),
    sweeper,
    operations: new WorkerOperations({
      ...{ port: config.workerPort, host: config.http.host, metrics, database, backend, sweeper, log },
    }),
    accounts,
    stopping,
    log,
  });
}

const handlersOf = (
  services: Services,
  providers: readonly EmailProvider[],
  lanes: readonly WorkerLane[],
): BatchHandler[] =>
  providers.flatMap(({ name }) => [
    ...categories
      .filter((category) => lanes.includes(category))
      .map((category) => ({
        queueName: dispatchQueueName(name, category),
        concurrency: LANE_CONCURRENCY[category],
        handle: (batchIds: readonly string[]) => services.dispatch.execute(batchIds),
      })),
    ...(lanes.includes('upkeep') ? upkeepOf(services, name) : []),
  ]);

/** What comes after a post: doubt is settled, what was taken is followed. */
const upkeepOf = (services: Services, account: string): BatchHandler[] => [
  {
    queueName: reconcileQueueName(account),
    concurrency: RECONCILE_CONCURRENCY,
    handle: (batchIds) => services.reconcile.execute(batchIds),
  },
  {
    queueName: trackQueueName(account),
    concurrency: TRACK_CONCURRENCY,
    handle: (batchIds) => services.track.execute(batchIds),
  },
];

const sweepsOf = (
  { recover, expand, removeAttachments, keepTemplates, keepLists, syncSuppressions, statistics, retention }: Services,
  database: Database,
  { config }: WorkerSettings,
): Sweep[] => [
  {
    name: 'schedule',
    everyMs: Math.min(config.pollIntervalMs, config.recoveryIntervalMs, LONGEST_SCHEDULE_SWEEP_MS),
    run: () => recover.sweepSchedule(),
  },
  {
    name: 'audience',
    everyMs: Math.min(config.recoveryIntervalMs, LONGEST_SCHEDULE_SWEEP_MS),
    run: () => expand.execute(),
  },
  { name: 'lost', everyMs: config.recoveryIntervalMs, run: () => recover.sweepLost() },
  { name: 'quotas', everyMs: config.recoveryIntervalMs, run: () => recover.sweepQuotas() },
  { name: 'attachments', everyMs: config.recoveryIntervalMs, run: () => removeAttachments.sweep() },
  { name: 'templates', everyMs: config.recoveryIntervalMs, run: () => keepTemplates.sweep() },
  { name: 'lists', everyMs: config.recoveryIntervalMs, run: () => keepLists.sweep() },
  { name: 'suppressions', everyMs: config.recoveryIntervalMs, run: () => syncSuppressions.execute() },
  { name: 'statistics', everyMs: STATISTICS_SWEEP_MS, run: () => statistics.rollUp() },
  { name: 'partitions', everyMs: PARTITION_SWEEP_MS, run: () => database.ensurePartitions() },
  { name: 'retention', everyMs: RETENTION_SWEEP_MS, run: () => retention.execute() },
];
