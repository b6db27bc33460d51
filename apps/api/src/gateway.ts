import type { EmailProvider } from '@gateway/core';
import {
  AccessRepository,
  AttachmentRepository,
  type Database,
  EventRepository,
  IdempotencyRepository,
  MessageRepository,
  MessageStateRepository,
  ProviderAccountRepository,
  RecipientRepository,
  TemplateRepository,
  SuppressionRepository,
  TrackingRepository,
  WorkloadRepository,
  openDatabase,
  pendingMigrations,
} from '@gateway/database';
import {
  AcceptMessageService,
  CancelMessageService,
  IdempotencyService,
  MessageAttachments,
  MessageWriter,
  PreviewMessageService,
  StoreAttachmentService,
  Recorder,
  RedriveMessageService,
  Timeline,
} from '@gateway/delivery';
import { DiskGuard, HealthChecks, Metrics, type GatewayConfig, type Logger } from '@gateway/platform';
import type { ConnectedAccounts } from '@gateway/providers';
import {
  BatchProducer,
  openQueueBackend,
  openQueueBoard,
  queueNamesOf,
  type QueueBackend,
  type QueueBoard,
} from '@gateway/queue';
import { SealedAnswers } from './access/sealed-answers.js';
import { KnownKeys } from './access/known-keys.js';
import { MessageContexts } from './messages/message-context.js';
import { MessageReader } from './messages/message-reader.js';
import { audienceParts, resolvingAudiences } from './audience/audience-parts.js';
import { listParts, resolvingLists } from './audience/list-parts.js';
import { registerGauges } from './operations/gauges.js';
import { BOARD_PATH } from './operations/queue-board.js';
import { connectProviders } from './providers/connect-providers.js';
import { Providers } from './providers/providers.js';
import { Backlog } from './door/backlog.js';
import { Door } from './door/door.js';
import type { ApiSettings } from './settings.js';
import { templateParts } from './templates/template-parts.js';
import { statisticParts } from './statistics/statistic-parts.js';
import { suppressionParts } from './suppressions/suppression-parts.js';

const DATABASE_CONNECTIONS = 20;
const QUEUE_CONNECTIONS = 8;

/** Everything behind the HTTP edge, put together in one place; Nest gets the parts to inject. */
export interface Gateway {
  readonly database: Database;
  readonly backend: QueueBackend;
  readonly producer: BatchProducer;
  readonly accounts: ConnectedAccounts;
  readonly board: QueueBoard;
  /** Instances by class, for Nest's container. */
  readonly parts: readonly object[];
  readonly access: AccessRepository;
  readonly keys: KnownKeys;
  readonly door: Door;
}

export async function createGateway(settings: ApiSettings, log: Logger): Promise<Gateway> {
  const onError = (error: Error): void => log.warn({ err: error }, 'connection trouble');
  const { databaseUrl, config } = settings;
  const database = await openDatabase({
    url: databaseUrl,
    connections: DATABASE_CONNECTIONS,
    applicationName: 'gateway-api',
    onError,
  });
  const backend = await openQueueBackend({
    redisNodes: config.redis?.nodes ?? [],
    databaseUrl,
    connections: QUEUE_CONNECTIONS,
    onError,
  });
  const producer = new BatchProducer(backend);
  const accounts = connectProviders(settings);
  const { providers } = accounts;
  const access = new AccessRepository(database);
  const keys = new KnownKeys(access);
  const intake = openDoor(database, config);
  return {
    database,
    backend,
    producer,
    accounts,
    access,
    keys,
    door: intake.door,
    board: openQueueBoard(
      backend,
      providers.flatMap(({ name }) => queueNamesOf(name)),
      BOARD_PATH,
    ),
    parts: [
      ...partsOf({ settings, database, backend, producer, providers, access, intake, log }),
      keys,
      ...audienceParts(database, providers),
      ...templateParts(database, providers, config.providerTimeoutMs),
      ...listParts(database, providers, config),
      ...suppressionParts(database, config),
      ...statisticParts(database),
    ],
  };
}

function partsOf(deps: {
  readonly settings: ApiSettings;
  readonly database: Database;
  readonly backend: QueueBackend;
  readonly producer: BatchProducer;
  readonly providers: readonly EmailProvider[];
  readonly access: AccessRepository;
  readonly intake: Intake;
  readonly log: Logger;
}): object[] {
  const { database, producer, providers, log, settings } = deps;
  const accounts = new ProviderAccountRepository(database);
  const messages = new MessageRepository(database);
  const events = new EventRepository(database);
  const idempotency = new IdempotencyService(database, new IdempotencyRepository());
  const suppressions = new SuppressionRepository(database);
  const recorder = new Recorder(new TrackingRepository(database), events, {
    repository: suppressions,
    bounceDays: settings.config.bounceSuppressionDays,
  });
  const attachments = new MessageAttachments(new AttachmentRepository(database));
  const acceptMessage = new AcceptMessageService({
    ...{ database, accounts, attachments, providers, producer, idempotency },
    writer: new MessageWriter({ database, suppressions, recorder }),
    clock: database.clock,
    log,
  });
  return [
    deps.access,
    accounts,
    messages,
    gatewayMetrics(deps.intake, accounts, providers),
    ...[new MessageStateRepository(database), new RecipientRepository(database), new Timeline(events)],
    new SealedAnswers(idempotency),
    suppressions,
    idempotency,
    acceptMessage,
    new RedriveMessageService(messages, acceptMessage, idempotency),
    new PreviewMessageService(accounts, suppressions, attachments, providers),
    new CancelMessageService(database, messages, recorder),
    ...resourceParts(database, new Providers(providers, settings.sandbox), idempotency),
    healthChecks(deps),
  ];
}

interface Intake {
  readonly disk: DiskGuard;
  readonly door: Door;
  readonly workload: WorkloadRepository;
  readonly metrics: Metrics;
}

/** What decides whether a request is taken, and what it looks at. */
function openDoor(database: Database, config: GatewayConfig): Intake {
  const disk = new DiskGuard(config.dataDir, config.minFreeDiskBytes);
  const workload = new WorkloadRepository(database);
  const metrics = new Metrics({ process: 'api' });
  const backlog = new Backlog(() => workload.waiting(), config.door);
  return { disk, workload, metrics, door: new Door({ disk, backlog, limits: config.door, metrics }) };
}

function gatewayMetrics(
  { metrics, workload }: Intake,
  accounts: ProviderAccountRepository,
  providers: readonly EmailProvider[],
): Metrics {
  registerGauges(metrics, { workload, accounts, providers: providers.map(({ name }) => name) });
  return metrics;
}

/** What messages are made of. */
function resourceParts(database: Database, providers: Providers, idempotency: IdempotencyService): object[] {
  const attachments = new AttachmentRepository(database);
  return [
    providers,
    attachments,
    new MessageReader(new MessageContexts(providers, database.clock), new TemplateRepository(database), idempotency, {
      ofGroups: resolvingAudiences(database),
      ofLists: resolvingLists(database, providers.all),
    }),
    new StoreAttachmentService(attachments, idempotency),
  ];
}

function healthChecks(deps: {
  readonly database: Database;
  readonly backend: QueueBackend;
  readonly intake: Intake;
  readonly log: Logger;
}): HealthChecks {
  const { database, backend, intake, log } = deps;
  return new HealthChecks({ onDown: (check, error) => log.warn({ check, err: error }, 'not ready') })
    .add('database', async () => void (await database.pool.query('SELECT 1')))
    .add('queue', () => backend.ping())
    .add('disk', intake.disk.check)
    .add('door', intake.door.check)
    .add('migrations', async () => {
      const pending = await pendingMigrations((sql) => database.pool.query<{ name: string }>(sql));
      if (pending.length > 0) throw new Error(`migrations are missing: ${pending.join(', ')}`);
    });
}
