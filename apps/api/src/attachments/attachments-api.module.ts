import { AttachmentsModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { AttachmentsController } from './attachments.controller.js';

/** Files for messages. */
@Module({ imports: [AttachmentsModule], controllers: [AttachmentsController] })
export class AttachmentsApiModule {}
