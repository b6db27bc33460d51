import { Global, Module } from '@nestjs/common';
import { AccountStores } from './account-stores.js';
import { IdempotencyService } from './idempotency.service.js';
import { Recorder } from './record.js';

const services = [AccountStores, IdempotencyService, Recorder];

/** Services that every folder of this library uses. */
@Global()
@Module({ providers: services, exports: services })
export class SharedModule {}
