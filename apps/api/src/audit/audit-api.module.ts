import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ActsInterceptor } from './acts.interceptor.js';
import { AuditLog } from './audit-log.js';
import { AuditController } from './audit.controller.js';

/** Acts of callers, and the log of all acts. */
@Module({
  controllers: [AuditController],
  providers: [AuditLog, { provide: APP_INTERCEPTOR, useClass: ActsInterceptor }],
})
export class AuditApiModule {}
