import { Global, Module } from '@nestjs/common';
import { IdempotencyService } from './idempotency.service.js';
import { Recorder } from './record.js';

/** Services that every folder of this library uses. */
@Global()
@Module({ providers: [IdempotencyService, Recorder], exports: [IdempotencyService, Recorder] })
export class SharedModule {}
