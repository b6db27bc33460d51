import { Module } from '@nestjs/common';
import { AudienceModule } from '../audience/audience.module.js';
import { MailEraser } from './erase-mail.js';
import { PersonEraser } from './erase-person.js';
import { RequestErasureService } from './request-erasure.service.js';
import { SweepErasuresService } from './sweep-erasures.service.js';

/** Taking requests to erase. */
@Module({ providers: [RequestErasureService], exports: [RequestErasureService] })
export class PrivacyModule {}

/** Carrying them out. */
@Module({
  imports: [AudienceModule],
  providers: [MailEraser, PersonEraser, SweepErasuresService],
  exports: [SweepErasuresService],
})
export class ErasingModule {}
