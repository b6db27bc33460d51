import { categories, type Category, type EmailProvider } from '@gateway/core';
import {
  AttachmentCopyRepository,
  AttachmentRepository,
  AudienceRepository,
  Database,
  DispatchRepository,
  EventRepository,
  ProviderAccountRepository,
  ReconcileRepository,
  RecoveryRepository,
  StatisticRepository,
  SuppressionCopyRepository,
  SuppressionRepository,
  SuppressionSyncRepository,
  TrackingRepository,
} from '@gateway/database';
import {
  AttachmentCopies,
  DispatchBatchesService,
  ExpandAudiencesService,
  ProviderDirectory,
  RecipientBudget,
  ReconcileBatchesService,
  Recorder,
  RecoverService,
  RemoveAttachmentsService,
  SweepSuppressionsService,
  SyncSuppressionsService,
  TrackBatchesService,
} from '@gateway/delivery';
import { systemClock, type Logger } from '@gateway/platform';
import { connectAccounts } from '@gateway/providers';
import {
  BatchProducer,
  BatchWorkers,
  dispatchQueueName,
  openQueueBackend,
  reconcileQueueName,
  trackQueueName,
  type BatchHandler,
} from '@gateway/queue';
import type { WorkerSettings } from './settings.js';
import { Sweeper, type Sweep } from './sweeper.js';
import { Worker } from './worker.js';

/** Jobs at once in each lane of each account. Login codes get most room, so that they never queue behind each other. */
const LANE_CONCURRENCY: Record<Category, number> = { authentication: 16, transactional: 8, marketing: 4 };
const RECONCILE_CONCURRENCY = 4;
const TRACK_CONCURRENCY = 4;
/** Recipients that this process holds in memory at once for posting; about 1 KB each. */
const RECIPIENTS_IN_MEMORY = 200_000;
const DATABASE_CONNECTIONS = 16;
const QUEUE_CONNECTIONS = 32;
const LONGEST_JOB_LOCK_MS = 30_000;
const LONGEST_SCHEDULE_SWEEP_MS = 1000;
const STATISTICS_SWEEP_MS = 10_000;
const PARTITION_SWEEP_MS = 3_600_000;

/** Puts a worker together from its settings: the one place where use cases meet databases, queues and providers. */
export async function createWorker(settings: WorkerSettings, log: Logger): Promise<Worker> {
  const onError = (error: Error): void => log.warn({ err: error }, 'connection trouble');
  const { config, databaseUrl } = settings;
  const database = new Database({
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
  const accounts = connectAccounts(settings.accounts, config.providerTimeoutMs);
  const { providers } = accounts;
  const producer = new BatchProducer(backend);
  const stopping = new AbortController();
  const services = createServices({ database, producer, providers, settings, stopping, log });
  return new Worker({
    database,
    backend,
    producer,
    workers: new BatchWorkers(backend, handlersOf(services, providers), {
      lockMs: Math.min(config.leaseMs, LONGEST_JOB_LOCK_MS),
      onFailed: (error) => log.error({ err: error }, 'a job failed; the sweep brings its batches again'),
    }),
    sweeper: new Sweeper(sweepsOf(services, database, settings), log),
    accounts,
    stopping,
    log,
  });
}

interface Services {
  readonly dispatch: DispatchBatchesService;
  readonly reconcile: ReconcileBatchesService;
  readonly track: TrackBatchesService;
  readonly recover: RecoverService;
  readonly removeAttachments: RemoveAttachmentsService;
  readonly expand: ExpandAudiencesService;
  readonly syncSuppressions: SweepSuppressionsService;
}

function createServices(deps: {
  readonly database: Database;
  readonly producer: BatchProducer;
  readonly providers: readonly EmailProvider[];
  readonly settings: WorkerSettings;
  readonly stopping: AbortController;
  readonly log: Logger;
}): Services {
  const { database, log, ...others } = deps;
  const tracking = new TrackingRepository(database);
  const suppressions = new SuppressionRepository(database);
  const timing = deps.settings.config;
  const bounces = { repository: suppressions, bounceDays: timing.bounceSuppressionDays };
  const copies = new AttachmentCopyRepository(database);
  const files = { database, attachments: new AttachmentRepository(database), copies, timing, clock: systemClock, log };
  const shared = {
    ...others,
    ...{ database, copies },
    attachments: new AttachmentCopies(files),
    tracking,
    dispatch: new DispatchRepository(database),
    accounts: new ProviderAccountRepository(database),
    reconcile: new ReconcileRepository(database),
    recovery: new RecoveryRepository(database),
    audiences: new AudienceRepository(database),
    recorder: new Recorder(tracking, new EventRepository(database), bounces),
    suppressions,
    providers: new ProviderDirectory(deps.providers),
    ...{ timing, clock: systemClock, log },
    budget: new RecipientBudget(RECIPIENTS_IN_MEMORY),
    stopping: deps.stopping.signal,
  };
  return {
    dispatch: new DispatchBatchesService(shared),
    reconcile: new ReconcileBatchesService(shared),
    track: new TrackBatchesService(shared),
    recover: new RecoverService(shared),
    removeAttachments: new RemoveAttachmentsService(shared),
    expand: new ExpandAudiencesService(shared),
    syncSuppressions: sweepSuppressions(shared, deps.settings),
  };
}

function sweepSuppressions(
  deps: Omit<ConstructorParameters<typeof SweepSuppressionsService>[0], 'sync'> & { readonly database: Database },
  { config }: WorkerSettings,
): SweepSuppressionsService {
  const sync = new SyncSuppressionsService({
    database: deps.database,
    syncs: new SuppressionSyncRepository(deps.database),
    copies: new SuppressionCopyRepository(deps.database),
    timing: config,
    everyMs: config.suppressionSyncIntervalMs,
  });
  return new SweepSuppressionsService({ ...deps, sync });
}

const handlersOf = (services: Services, providers: readonly EmailProvider[]): BatchHandler[] =>
  providers.flatMap(({ name }) => [
    ...categories.map((category) => ({
      queueName: dispatchQueueName(name, category),
      concurrency: LANE_CONCURRENCY[category],
      handle: (batchIds: readonly string[]) => services.dispatch.execute(batchIds),
    })),
    {
      queueName: reconcileQueueName(name),
      concurrency: RECONCILE_CONCURRENCY,
      handle: (batchIds: readonly string[]) => services.reconcile.execute(batchIds),
    },
    {
      queueName: trackQueueName(name),
      concurrency: TRACK_CONCURRENCY,
      handle: (batchIds: readonly string[]) => services.track.execute(batchIds),
    },
  ]);

const sweepsOf = (
  { recover, expand, removeAttachments, syncSuppressions }: Services,
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
  { name: 'attachments', everyMs: config.recoveryIntervalMs, run: () => removeAttachments.sweep() },
  { name: 'suppressions', everyMs: config.recoveryIntervalMs, run: () => syncSuppressions.execute() },
  { name: 'statistics', everyMs: STATISTICS_SWEEP_MS, run: () => new StatisticRepository(database).rollUp() },
  { name: 'partitions', everyMs: PARTITION_SWEEP_MS, run: () => database.ensurePartitions() },
];
