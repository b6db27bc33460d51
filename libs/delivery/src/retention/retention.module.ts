import { Module } from '@nestjs/common';
import { PlanRetentionService } from './plan-retention.service.js';
import { RetainMessagesService } from './retain-messages.service.js';
import { SweepRetentionService } from './sweep-retention.service.js';

const services = [PlanRetentionService, RetainMessagesService, SweepRetentionService];

/** Erasing what has been kept long enough. */
@Module({ providers: services, exports: services })
export class RetentionModule {}
