import { Module } from '@nestjs/common';
import { AttachmentCopies } from './attachment-copies.js';
import { MessageAttachments } from './message-attachments.js';
import { RemoveAttachmentsService } from './remove-attachments.service.js';
import { StoreAttachmentService } from './store-attachment.service.js';

const services = [AttachmentCopies, MessageAttachments, RemoveAttachmentsService, StoreAttachmentService];

/** Files of messages, and their copies at accounts. */
@Module({ providers: services, exports: services })
export class AttachmentsModule {}
