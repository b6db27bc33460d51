import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AttachmentsModule } from '../attachments/attachments.module.js';
import { AudienceModule } from '../audience/audience.module.js';
import { RecipientBudget } from '../shared/recipient-budget.js';
import { AttemptStarts } from './dispatch/attempt-starts.js';
import { BatchClaims } from './dispatch/batch-claims.js';
import { ListGrowth } from '../suppressions/list-growth.js';
import { DispatchBatchesService } from './dispatch/dispatch-batches.service.js';
import { BatchHalver } from './dispatch/halve-batches.js';
import { AcceptedRecorder } from './dispatch/record-accepted.js';
import { OutcomeRecorder } from './dispatch/record-outcome.js';
import { ReconcileBatchesService } from './reconcile/reconcile-batches.service.js';
import { KnownMarkers } from './reconcile/known-markers.js';
import { RequestRepeater } from './reconcile/request-repeater.js';
import { FollowingModule } from './following.module.js';
import { BacklogFeeder } from './recover/backlog-feeder.js';
import { DueWork } from './recover/due-work.js';
import { MoveWaitingService } from './recover/move-waiting.service.js';
import { RecoverService } from './recover/recover.service.js';
import { StrandedAudiences } from './recover/stranded-audiences.js';
import { FollowUpdatesService } from './track/follow-updates.service.js';
import { StrandedRequests } from './recover/stranded-requests.js';
import { TrackBatchesService } from './track/track-batches.service.js';

/** Recipients that this process holds in memory at once for posting; about 1 KB each. */
const RECIPIENTS_IN_MEMORY = 200_000;

const services = [
  { provide: RecipientBudget, useFactory: () => new RecipientBudget(RECIPIENTS_IN_MEMORY) },
  ListGrowth,
  BatchClaims,
  AttemptStarts,
  BatchHalver,
  AcceptedRecorder,
  OutcomeRecorder,
  DispatchBatchesService,
  RequestRepeater,
  KnownMarkers,
  ReconcileBatchesService,
  BacklogFeeder,
  DueWork,
  MoveWaitingService,
  StrandedAudiences,
  StrandedRequests,
  RecoverService,
  TrackBatchesService,
  FollowUpdatesService,
];

/** Batches on their way: dispatched, reconciled after a doubt, recovered after a loss, tracked to the end. */
@Module({
  imports: [AccountsModule, AttachmentsModule, AudienceModule, FollowingModule],
  providers: services,
  exports: [...services, FollowingModule],
})
export class BatchesModule {}
