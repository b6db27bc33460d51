import { Module } from '@nestjs/common';
import { RoutesModule } from '../routes/routes.module.js';
import { OutboundReader } from '../shared/outbound-reader.js';
import { FailoverPlanner } from './dispatch/failover.js';
import { BatchHolder } from './dispatch/hold-batches.js';
import { BatchEndings } from './endings/batch-endings.js';
import { PartTaker } from './endings/part-taker.js';
import { DoubtEndings } from './reconcile/doubt-endings.js';
import { ApplyPushService } from './track/apply-push.service.js';
import { PushHints } from './track/push-hints.js';
import { PollRecorder } from './track/record-polls.js';

const services = [
  OutboundReader,
  FailoverPlanner,
  BatchHolder,
  BatchEndings,
  PartTaker,
  DoubtEndings,
  PollRecorder,
  PushHints,
  ApplyPushService,
];

/** Writes what providers report, whether they were asked or push. The api has it too; it posts nothing. */
@Module({ imports: [RoutesModule], providers: services, exports: services })
export class FollowingModule {}
