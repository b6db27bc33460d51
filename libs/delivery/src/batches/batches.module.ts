import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AttachmentsModule } from '../attachments/attachments.module.js';
import { AudienceModule } from '../audience/audience.module.js';
import { RecipientBudget } from '../shared/recipient-budget.js';
import { AttemptStarts } from './dispatch/attempt-starts.js';
import { BatchClaims } from './dispatch/batch-claims.js';
import { OutboundReader } from '../shared/outbound-reader.js';
import { ListGrowth } from '../suppressions/list-growth.js';
import { DispatchBatchesService } from './dispatch/dispatch-batches.service.js';
import { FailoverPlanner } from './dispatch/failover.js';
import { BatchHalver } from './dispatch/halve-batches.js';
import { BatchHolder } from './dispatch/hold-batches.js';
import { AcceptedRecorder } from './dispatch/record-accepted.js';
import { OutcomeRecorder } from './dispatch/record-outcome.js';
import { BatchEndings } from './endings/batch-endings.js';
import { ReconcileBatchesService } from './reconcile/reconcile-batches.service.js';
import { BacklogFeeder } from './recover/backlog-feeder.js';
import { RecoverService } from './recover/recover.service.js';
import { PollRecorder } from './track/record-polls.js';
import { TrackBatchesService } from './track/track-batches.service.js';

/** Recipients that this process holds in memory at once for posting; about 1 KB each. */
const RECIPIENTS_IN_MEMORY = 200_000;

const services = [
  { provide: RecipientBudget, useFactory: () => new RecipientBudget(RECIPIENTS_IN_MEMORY) },
  OutboundReader,
  ListGrowth,
  BatchClaims,
  AttemptStarts,
  FailoverPlanner,
  BatchHolder,
  BatchHalver,
  BatchEndings,
  AcceptedRecorder,
  OutcomeRecorder,
  DispatchBatchesService,
  ReconcileBatchesService,
  BacklogFeeder,
  RecoverService,
  PollRecorder,
  TrackBatchesService,
];

/** Batches on their way: dispatched, reconciled after a doubt, recovered after a loss, tracked to the end. */
@Module({ imports: [AccountsModule, AttachmentsModule, AudienceModule], providers: services, exports: services })
export class BatchesModule {}
