import { AccountsModule, AudienceModule, EventsModule, MessagesModule, TemplatesModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { SendController } from './send/send.controller.js';
import { BulkController } from './send/bulk.controller.js';
import { CancelController } from './send/cancel.controller.js';
import { DiagnosisController } from './follow/diagnosis.controller.js';
import { ReleaseController } from './send/release.controller.js';
import { MessagesController } from './follow/messages.controller.js';
import { RecipientsController } from './follow/recipients.controller.js';
import { MessagePlaces } from './follow/message-places.js';
import { WaitingAccounts } from './follow/waiting-accounts.js';
import { PersonExport } from './person/person-export.js';
import { PersonMail } from './person/person-mail.js';
import { StoredAnswers } from './person/stored-answers.js';
import { MessageContexts } from './read/message-context.js';
import { MessageReader } from './read/message-reader.js';

/** Sending messages and following them. */
@Module({
  imports: [AccessModule, AccountsModule, AudienceModule, EventsModule, MessagesModule, TemplatesModule],
  controllers: [
    SendController,
    BulkController,
    CancelController,
    ReleaseController,
    MessagesController,
    DiagnosisController,
    RecipientsController,
  ],
  providers: [MessageContexts, MessagePlaces, MessageReader, PersonExport, PersonMail, StoredAnswers, WaitingAccounts],
})
export class MessagesApiModule {}
