import type { EmailProvider } from '@gateway/core';
import {
  AttachmentCopyRepository,
  AttachmentRepository,
  AttemptRepository,
  AudienceRepository,
  DispatchRepository,
  EventRepository,
  FailoverRepository,
  ProviderFeatureRepository,
  ListedRecipientRepository,
  ListMemberRepository,
  OutboundRepository,
  GroupRepository,
  GroupCopyRepository,
  ProviderAccountRepository,
  ReconcileRepository,
  RetentionRepository,
  StatisticRepository,
  SuppressionCopyRepository,
  SuppressionRepository,
  SuppressionSyncRepository,
  TemplateCategoryRepository,
  TemplateCopyRepository,
  TemplateRepository,
  TrackingRepository,
  type Database,
} from '@gateway/database';
import {
  AccountGate,
  AccountHealth,
  AttachmentCopies,
  BatchHolder,
  CategoryCopies,
  DispatchBatchesService,
  ExpandAudiencesService,
  FailoverPlanner,
  effectiveLeaseMs,
  ListTargets,
  ListNamer,
  ListAccounts,
  KeepListsService,
  GroupCopier,
  KeepTemplateCopiesService,
  OutcomeRecorder,
  ProviderDirectory,
  PushTemplateService,
  RecipientBudget,
  ReconcileBatchesService,
  Recorder,
  RecoverService,
  RetainMessagesService,
  RemoveAttachmentsService,
  SweepRetentionService,
  SweepSuppressionsService,
  SyncSuppressionsService,
  PollRecorder,
  TrackBatchesService,
  type Timing,
} from '@gateway/delivery';
import { type Logger, type Metrics, type RetentionConfig } from '@gateway/platform';
import type { BatchProducer } from '@gateway/queue';
import { MeteredRecovery } from './metered-recovery.js';
import type { WorkerSettings } from './settings.js';

/** Recipients that this process holds in memory at once for posting; about 1 KB each. */
const RECIPIENTS_IN_MEMORY = 200_000;

/** The use cases of the worker. */
export interface Services {
  readonly dispatch: DispatchBatchesService;
  readonly reconcile: ReconcileBatchesService;
  readonly track: TrackBatchesService;
  readonly recover: RecoverService;
  readonly removeAttachments: RemoveAttachmentsService;
  readonly expand: ExpandAudiencesService;
  readonly keepTemplates: KeepTemplateCopiesService;
  readonly keepLists: KeepListsService;
  readonly syncSuppressions: SweepSuppressionsService;
  readonly statistics: StatisticRepository;
  readonly retention: SweepRetentionService;
}

export function createServices(deps: {
  readonly database: Database;
  readonly producer: BatchProducer;
  readonly providers: readonly EmailProvider[];
  readonly settings: WorkerSettings;
  readonly stopping: AbortController;
  readonly metrics: Metrics;
  readonly log: Logger;
}): Services {
  const { database, log, ...others } = deps;
  const timing = deps.settings.config;
  const tracking = new TrackingRepository(database);
  const suppressions = new SuppressionRepository(database);
  const bounces = { repository: suppressions, bounceDays: timing.bounceSuppressionDays };
  const shared = {
    ...others,
    ...createFiles({ database, timing, clock: database.clock, log }),
    ...{ database, tracking, suppressions, timing, log },
    ...listPartsOf(database, deps.providers, timing),
    ...{ dispatch: new DispatchRepository(database), outbound: new OutboundRepository(database) },
    attempts: new AttemptRepository(database),
    accounts: new ProviderAccountRepository(database),
    failovers: new FailoverRepository(),
    reconcile: new ReconcileRepository(database),
    recovery: new MeteredRecovery(database, deps.metrics),
    audiences: new AudienceRepository(database),
    recorder: new Recorder(tracking, new EventRepository(database), bounces),
    providers: new ProviderDirectory(deps.providers),
    ...{ clock: database.clock, stopping: deps.stopping.signal },
    budget: new RecipientBudget(RECIPIENTS_IN_MEMORY),
  };
  return {
    dispatch: createDispatch(shared),
    reconcile: new ReconcileBatchesService(shared),
    track: new TrackBatchesService({ ...shared, polls: new PollRecorder(shared) }),
    recover: new RecoverService(shared),
    removeAttachments: new RemoveAttachmentsService(shared),
    expand: new ExpandAudiencesService(shared),
    keepTemplates: keepTemplates(database, shared),
    keepLists: new KeepListsService(shared),
    syncSuppressions: sweepSuppressions(shared, deps.settings),
    statistics: new StatisticRepository(database),
    retention: sweepRetention(database, shared, timing.retention),
  };
}

function sweepRetention(
  database: Database,
  shared: { readonly log: Logger; readonly stopping: AbortSignal },
  policy: RetentionConfig,
): SweepRetentionService {
  const retain = new RetainMessagesService({ database, retention: new RetentionRepository(database), policy });
  return new SweepRetentionService({ ...shared, retain });
}

/** Files of messages, and their copies at the accounts. */
function createFiles(
  shared: Pick<ConstructorParameters<typeof AttachmentCopies>[0], 'timing' | 'clock' | 'log' | 'database'>,
) {
  const copies = new AttachmentCopyRepository(shared.database);
  const attachments = new AttachmentRepository(shared.database);
  return { copies, attachments: new AttachmentCopies({ ...shared, attachments, copies }) };
}

type DispatchParts = Omit<ConstructorParameters<typeof DispatchBatchesService>[0], 'gate' | 'holder' | 'outcomes'> &
  ConstructorParameters<typeof AccountGate>[0] &
  ConstructorParameters<typeof FailoverPlanner>[0] &
  Omit<ConstructorParameters<typeof BatchHolder>[0], 'failover'> &
  Omit<ConstructorParameters<typeof OutcomeRecorder>[0], 'holder' | 'health'>;

/** Whether a batch may go, where it goes instead, and what came of it. */
function createDispatch(shared: DispatchParts): DispatchBatchesService {
  const holder = new BatchHolder({ ...shared, failover: new FailoverPlanner(shared) });
  const outcomes = new OutcomeRecorder({ ...shared, holder, health: new AccountHealth(shared) });
  return new DispatchBatchesService({ ...shared, gate: new AccountGate(shared), holder, outcomes });
}

function keepTemplates(
  database: Database,
  shared: { readonly providers: ProviderDirectory; readonly timing: Timing; readonly log: Logger },
): KeepTemplateCopiesService {
  const categories = new TemplateCategoryRepository(database);
  const templateCopies = new TemplateCopyRepository(database);
  const push = new PushTemplateService({
    templates: new TemplateRepository(database),
    copies: templateCopies,
    categoryCopies: new CategoryCopies(categories),
    attachments: new AttachmentRepository(database),
    providers: shared.providers.all,
    timeoutMs: shared.timing.providerTimeoutMs,
  });
  return new KeepTemplateCopiesService({ ...shared, categories, templateCopies, push });
}

/** What has to do with lists of the providers' own. */
function listPartsOf(database: Database, providers: readonly EmailProvider[], timing: Timing) {
  const [copies, members] = [new GroupCopyRepository(database), new ListMemberRepository(database)];
  const leaseMs = effectiveLeaseMs(timing);
  const accounts = new ListAccounts(providers, new ProviderFeatureRepository(database), database.clock);
  return {
    groups: new GroupRepository(database),
    groupCopies: copies,
    copier: new GroupCopier({ copies, members, namer: new ListNamer(copies, members), leaseMs }),
    listAccounts: accounts,
    lists: new ListTargets(copies, accounts),
    listed: new ListedRecipientRepository(),
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
