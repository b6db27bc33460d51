import { encodeId } from '@gateway/core';
import {
  AttachmentRepository,
  type BatchDetail,
  type DeliveryTrace,
  type MessageDetail,
  MessageStateRepository,
  PersonTracesRepository,
  RecipientRepository,
  type RecipientStateRow,
} from '@gateway/database';
import { EventLog, LOG_START } from '@gateway/delivery';
import { Injectable } from '@nestjs/common';
import { presentAttachment } from '../../attachments/attachment.presenter.js';
import { presentEvent } from '../../events/event.presenter.js';
import { MessagePlaces } from '../follow/message-places.js';
import { presentBatch, presentDetail, presentRecipient } from '../follow/message.presenter.js';
import type { AccountsNow } from '../follow/waiting-accounts.js';
import type { PersonLine } from './person-line.js';
import { StoredAnswers } from './stored-answers.js';

const EVENTS_AT_ONCE = 1000;
const BATCHES_AT_ONCE = 100;

/**
 * One mail of an export: its message, the recipient with its values, and what happened. Files, requests to the provider
 * and bodies of webhooks are there where the message had no other recipient, because an erasure then erases them as a whole.
 */
@Injectable()
export class PersonMail {
  constructor(
    private readonly recipients: RecipientRepository,
    private readonly messages: MessageStateRepository,
    private readonly attachments: AttachmentRepository,
    private readonly traces: PersonTracesRepository,
    private readonly answers: StoredAnswers,
    private readonly log: EventLog,
    private readonly places: MessagePlaces,
  ) {}

  async *lines(clientId: string, row: RecipientStateRow, now: AccountsNow): AsyncGenerator<PersonLine> {
    const message = await this.messages.findById(clientId, row.messageId);
    if (message !== undefined) {
      const places = await this.places.find([message]);
      // Another recipient's address is no part of it.
      const to = row.position === 0 ? row.address : undefined;
      const data = presentDetail(message, now, { ...places(message.id), to });
      yield { type: 'message', data: { ...data, ...(await this.traces.findCommon(message.id)) } };
    }
    yield {
      type: 'recipient',
      data: { ...presentRecipient(row, now), variables: await this.recipients.findVariables(row) },
    };
    yield* this.events(row);
    const isAlone = message?.recipientCount === 1;
    if (isAlone) yield* this.own(clientId, message, now);
    yield* this.answers.ofMessage(clientId, row.messageId);
    for (const delivery of await this.traces.findDeliveries(row.messageId, isAlone)) {
      yield { type: 'webhookDelivery', data: presentDelivery(delivery) };
    }
  }

  private async *events(row: RecipientStateRow): AsyncGenerator<PersonLine> {
    let from = LOG_START;
    for (let more = true; more;) {
      const page = await this.log.read({ messageId: row.messageId }, from, EVENTS_AT_ONCE);
      for (const { event } of page.events) {
        const isTheirs = event.position === undefined || event.position === row.position;
        if (isTheirs) yield { type: 'event', data: presentEvent(event) };
      }
      [from, more] = [page.next, page.more];
    }
  }

  private async *own(clientId: string, message: MessageDetail, now: AccountsNow): AsyncGenerator<PersonLine> {
    const ids = message.attachmentIds;
    for (const file of ids.length === 0 ? [] : await this.attachments.findMany(clientId, ids)) {
      yield { type: 'attachment', data: presentAttachment(file) };
    }
    const page = { after: undefined, limit: BATCHES_AT_ONCE };
    const batches: readonly BatchDetail[] = await this.messages.findBatches({ clientId, messageId: message.id }, page);
    for (const batch of batches) yield { type: 'batch', data: presentBatch(batch, now) };
  }
}

/** Without `body` and `attempts` where it was about other people, too. */
const presentDelivery = ({ body, attempts, ...delivery }: DeliveryTrace) => ({
  id: encodeId('webhookDelivery', delivery.id),
  endpointId: encodeId('webhookEndpoint', delivery.endpointId),
  url: delivery.url,
  webhookId: delivery.webhookId,
  type: delivery.type,
  status: delivery.status,
  createdAt: delivery.createdAt.toISOString(),
  finishedAt: delivery.finishedAt?.toISOString() ?? null,
  ...(body !== null && { body, attempts }),
});
