import { Module } from '@nestjs/common';
import { AudienceModule } from '../audience/audience.module.js';
import { FindMentions } from './find-mentions.js';
import { MailEraser } from './erase-mail.js';
import { PersonEraser } from './erase-person.js';
import { RequestErasureService } from './request-erasure.service.js';
import { SweepErasuresService } from './sweep-erasures.service.js';

/** Taking requests to erase. */
@Module({ providers: [FindMentions, RequestErasureService], exports: [RequestErasureService] })
export class PrivacyModule {}

/** Carrying them out. */
@Module({
  imports: [AudienceModule],
  providers: [FindMentions, MailEraser, PersonEraser, SweepErasuresService],
  exports: [SweepErasuresService],
})
export class ErasingModule {}
