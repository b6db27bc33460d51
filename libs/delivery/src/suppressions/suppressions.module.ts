import { Module } from '@nestjs/common';
import { SyncSuppressionsService } from './sync-suppressions.service.js';
import { SyncNowService } from './sync-now.service.js';
import { SweepSuppressionsService } from './sweep-suppressions.service.js';

const services = [SyncSuppressionsService, SyncNowService, SweepSuppressionsService];

/** The list of addresses that get no mail, and its copies at accounts. */
@Module({ providers: services, exports: services })
export class SuppressionsModule {}
