import { AccountsModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { WorkloadController } from './workload.controller.js';
import { WorkloadService } from './workload.service.js';

/** The work under way. */
@Module({ imports: [AccountsModule], controllers: [WorkloadController], providers: [WorkloadService] })
export class WorkloadApiModule {}
