import {} from '@nestjs/common';
import type { EmailProvider } from '@gateway/core';
import {
  AttemptRepository,
  type BatchRow,
  BatchTransitions,
  type Database,
  EventRepository,
  MessageRepository,
  OutboundRepository,
  ProviderFeatureRepository,
  QuotaRepository,
  ReconcileRepository,
  SuppressionRepository,
  TrackingRepository,
} from '@gateway/database';
import { silentLogger } from '@gateway/platform';
import type { BatchProducer } from '@gateway/queue';
import type { AccountGate } from '../../accounts/account-gate.js';
import type { AccountHealth } from '../../accounts/account-health.js';
import type { AttachmentCopies } from '../../attachments/attachment-copies.js';
import type { ListTargets } from '../../audience/lists/list-targets.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { RecipientBudget } from '../../shared/recipient-budget.js';
import { Recorder } from '../../shared/record.js';
import type { BatchHolder } from '../dispatch/hold-batches.js';
import { BatchEndings } from '../endings/batch-endings.js';
import { PartTaker } from '../endings/part-taker.js';
import { DoubtEndings } from './doubt-endings.js';
import { ReconcileBatchesService } from './reconcile-batches.service.js';
import { KnownMarkers } from './known-markers.js';
import { RequestRepeater } from './request-repeater.js';

export const TIMING = {
  pollIntervalMs: 1,
  recoveryIntervalMs: 1,
  providerTimeoutMs: 1000,
  settleMs: 1,
  leaseMs: 1,
  retryBaseMs: 1,
  retryMaxMs: 1,
  breakerFailures: 1,
  sentFinalMs: 1,
  expireMs: 3_600_000,
};

/** The services that settle doubts, on a real database, for one account without a pace. */
export function doubtServices(database: Database, provider: EmailProvider) {
  const transitions = new BatchTransitions(database);
  const tracking = new TrackingRepository(database);
  const recorder = new Recorder(tracking, new EventRepository(database), new SuppressionRepository(database), {
    bounceSuppressionDays: 0,
  });
  const quota = new QuotaRepository(database);
  const endings = new BatchEndings(
    transitions,
    new AttemptRepository(database),
    quota,
    new MessageRepository(database),
    recorder,
  );
  const holder = { enqueue: () => undefined } as unknown as BatchHolder;
  const lookUps = new ReconcileRepository(database);
  const parts = new PartTaker(database, transitions, lookUps, endings, recorder, holder, TIMING, silentLogger());
  const producer = { enqueue: async () => undefined } as unknown as BatchProducer;
  const doubts = new DoubtEndings(
    ...([database, transitions, endings, parts, lookUps, recorder, producer, TIMING, silentLogger()] as const),
  );
  const outbound = new OutboundReader(new OutboundRepository(database));
  const repeater = new RequestRepeater(
    outbound,
    { ensure: async () => ({ files: [] }) } as unknown as AttachmentCopies,
    { of: async () => ({}) } as unknown as ListTargets,
    { admit: async (_: string, admitted: readonly BatchRow[]) => ({ admitted, held: [] }) } as unknown as AccountGate,
    { note: async () => undefined } as unknown as AccountHealth,
    new RecipientBudget(1000),
    ...([TIMING, silentLogger()] as const),
  );
  const providers = new ProviderDirectory([provider]);
  const markers = new KnownMarkers(new ProviderFeatureRepository(database));
  const reconcile = new ReconcileBatchesService(outbound, lookUps, providers, doubts, repeater, markers, TIMING);
  return { reconcile, doubts, endings, parts, recorder, tracking, transitions, lookUps, providers, quota };
}

/** Puts all batches into doubt about one request each, which was posted that long ago with the marker `marker`. */
export async function doubt(database: Database, age: string): Promise<void> {
  await database.pool.query(
    `UPDATE batch SET status = 'unconfirmed', attempt_count = 1, due_at = now() - interval '1 day',
       next_attempt_at = now()`,
  );
  await database.pool.query(
    `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, outcome, recipients)
     SELECT id, id, 1, 'marker', provider, now() - $1::interval, 'unconfirmed', follower_count FROM batch`,
    [age],
  );
}
