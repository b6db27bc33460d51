import type { ConfiguredAccounts } from '../../accounts/configured-accounts.js';
import type { StrandedRequests } from '../recover/stranded-requests.js';
import {} from '@nestjs/common';
import {
  AttemptRepository,
  type BatchRow,
  BatchTransitions,
  type Database,
  EventRepository,
  HalvingRepository,
  MessageRepository,
  OutboundRepository,
  ProviderFeatureRepository,
  QuotaRepository,
  ReconcileRepository,
  RecoveryRepository,
  SuppressionRepository,
  TrackingRepository,
} from '@gateway/database';
import { Metrics, silentLogger } from '@gateway/platform';
import type { BatchProducer } from '@gateway/queue';
import type { AccountHealth } from '../../accounts/account-health.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { Recorder } from '../../shared/record.js';
import { BatchEndings } from '../endings/batch-endings.js';
import { PartTaker } from '../endings/part-taker.js';
import { DoubtEndings } from '../reconcile/doubt-endings.js';
import { KnownMarkers } from '../reconcile/known-markers.js';
import { ReconcileBatchesService } from '../reconcile/reconcile-batches.service.js';
import type { RequestRepeater } from '../reconcile/request-repeater.js';
import { RecoverService } from '../recover/recover.service.js';
import type { FailoverPlanner } from './failover.js';
import { BatchHalver } from './halve-batches.js';
import { BatchHolder } from './hold-batches.js';
import { elsewhere, TIMING } from './machine-rules.fixture.js';
import type { MachineVendor } from './machine-vendor.fixture.js';
import type { BacklogFeeder } from '../recover/backlog-feeder.js';
import { AcceptedRecorder } from './record-accepted.js';
import { OutcomeRecorder } from './record-outcome.js';

/** Sweeps over other accounts than those of the machine. */
const idle = [
  { sweepLostJobs: async () => undefined } as unknown as BacklogFeeder,
  { stranded: new Set<string>() } as unknown as ConfiguredAccounts,
  { follow: async () => undefined } as unknown as StrandedRequests,
] as const;

/** The services that move a batch, on a real database, for two accounts of one vendor. */
export function machineServices(database: Database, vendor: MachineVendor) {
  const transitions = new BatchTransitions(database);
  const attempts = new AttemptRepository(database);
  const recorder = new Recorder(
    new TrackingRepository(database),
    new EventRepository(database),
    new SuppressionRepository(database),
    { bounceSuppressionDays: 0 },
  );
  const quota = new QuotaRepository(database);
  const endings = new BatchEndings(transitions, attempts, quota, new MessageRepository(database), recorder);
  const outbound = new OutboundReader(new OutboundRepository(database));
  const providers = new ProviderDirectory([vendor.account('first'), vendor.account('second')]);
  const producer = { enqueue: async () => undefined, waitingJobs: async () => 0 } as unknown as BatchProducer;
  const log = silentLogger();
  const failover = { plan: async (batch: BatchRow) => elsewhere(batch) } as unknown as FailoverPlanner;
  const holder = new BatchHolder(database, transitions, failover, recorder, producer, log);
  const health = { note: async () => undefined } as unknown as AccountHealth;
  const halver = new BatchHalver(transitions, new HalvingRepository(), recorder, endings);
  const lookUps = new ReconcileRepository(database);
  const parts = new PartTaker(database, transitions, lookUps, endings, recorder, holder, TIMING, log);
  const accepted = new AcceptedRecorder(database, endings, parts, health, providers, TIMING);
  const doubts = new DoubtEndings(
    ...([database, transitions, endings, parts, lookUps, recorder, producer, TIMING, log] as const),
  );
  return {
    transitions,
    attempts,
    recorder,
    endings,
    holder,
    outcomes: new OutcomeRecorder(
      ...([database, transitions, attempts, quota, recorder, holder, halver, accepted, health, TIMING, log] as const),
    ),
    reconcile: new ReconcileBatchesService(
      ...([outbound, lookUps, providers, doubts, {} as RequestRepeater] as const),
      ...([new KnownMarkers(new ProviderFeatureRepository(database)), TIMING] as const),
    ),
    recover: new RecoverService(
      ...([database, transitions, new RecoveryRepository(database), endings, recorder] as const),
      ...([providers, ...idle, producer, TIMING, log, new Metrics({ process: 'test', defaults: false })] as const),
    ),
  };
}
