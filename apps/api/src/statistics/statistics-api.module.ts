import { AccountsModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { StatisticsController } from './statistics.controller.js';
import { ProvidersApiModule } from '../providers/providers-api.module.js';

/** Figures over time. */
@Module({ imports: [ProvidersApiModule, AccountsModule], controllers: [StatisticsController] })
export class StatisticsApiModule {}
