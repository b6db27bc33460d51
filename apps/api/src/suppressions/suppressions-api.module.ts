import { SuppressionsModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { SuppressionSyncController } from './sync.controller.js';
import { SuppressionsController } from './suppressions.controller.js';
import { ProvidersApiModule } from '../providers/providers-api.module.js';

/** The list of addresses that get no mail. */
@Module({
  imports: [ProvidersApiModule, SuppressionsModule],
  controllers: [SuppressionSyncController, SuppressionsController],
})
export class SuppressionsApiModule {}
