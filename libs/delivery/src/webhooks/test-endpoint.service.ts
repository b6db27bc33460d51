import type { WebhookEndpointRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { encodeId } from '@gateway/core';
import type { LogEvent } from '../events/event-log.js';
import { batchParcel, sliceId, singleParcel } from './body.js';
import { RequestSender, type SentRequest } from './send/request-sender.js';

/** Sends an example to an endpoint, exactly as events are sent, and waits for the answer. */
@Injectable()
export class TestEndpointService {
  constructor(private readonly requests: RequestSender) {}

  /** @param example an event of the wanted type; it gets an id of its own */
  async execute(endpoint: WebhookEndpointRow, example: Omit<LogEvent, 'id'>): Promise<SentRequest> {
    const event = { id: encodeId('event', newUuid()), ...example };
    const place = { position: 0, told: 0 };
    const parcel =
      endpoint.batchMaxEvents === null ? singleParcel(event) : batchParcel(sliceId(newUuid(), place, place), [event]);
    return this.requests.send(endpoint, { webhookId: parcel.webhookId, body: parcel.body, test: true });
  }
}
