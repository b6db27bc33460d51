import { Module } from '@nestjs/common';
import { MessageWriter } from './accept/write-messages.js';
import { AcceptManyService } from './accept/accept-many.service.js';
import { BatchHints } from './accept/batch-hints.js';
import { MessagePreparer } from './accept/message-preparer.js';
import { AcceptMessageService } from './accept/accept-message.service.js';
import { PreviewMessageService } from './accept/preview-message.service.js';
import { CancelMessageService } from './cancel-message.service.js';
import { DiagnoseMessageService } from './diagnose/diagnose-message.service.js';
import { RedriveMessageService } from './redrive-message.service.js';
import { ReleaseMessageService } from './release-message.service.js';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AttachmentsModule } from '../attachments/attachments.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { SendingDomainsModule } from '../sending-domains/sending-domains.module.js';
import { TemplatesModule } from '../templates/templates.module.js';

const services = [
  MessageWriter,
  MessagePreparer,
  BatchHints,
  AcceptMessageService,
  AcceptManyService,
  PreviewMessageService,
  CancelMessageService,
  DiagnoseMessageService,
  RedriveMessageService,
  ReleaseMessageService,
];

/** Accepting, previewing, cancelling and redriving messages, and what became of them. */
@Module({
  imports: [AccountsModule, AttachmentsModule, RoutesModule, SendingDomainsModule, TemplatesModule],
  providers: services,
  exports: services,
})
export class MessagesModule {}
