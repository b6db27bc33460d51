import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AccessModule } from '../access/access.module.js';
import { ActsInterceptor } from './acts.interceptor.js';
import { AuditLog } from './audit-log.js';
import { AuditController } from './audit.controller.js';

/** Acts of callers, and the log of all acts. */
@Module({
  imports: [AccessModule],
  controllers: [AuditController],
  providers: [AuditLog, { provide: APP_INTERCEPTOR, useClass: ActsInterceptor }],
})
export class AuditApiModule {}
