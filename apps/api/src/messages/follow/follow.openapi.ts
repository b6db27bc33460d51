import { events } from '../../events/events.openapi.js';
import { eventPage } from '../../events/event-schemas.openapi.js';
import { timelineQuery } from '../../events/event-list.schema.js';
import { addressQuery, batchListQuery, recipientListQuery } from './message-list.schema.js';
import { json, type OperationDoc } from '../../openapi/operation.js';
import { batches, diagnosed, recipients } from '../answer-examples.openapi.js';
import { batchPage, diagnosis, recipientPage } from '../follow-schemas.openapi.js';
import { messageId } from '../messages.openapi.js';

export const listMessageRecipients: OperationDoc = {
  id: 'listMessageRecipients',
  summary: 'List recipients of a message',
  description: 'In the order of the request, each with its status. Empty after the message was erased (`erasedAt`).',
  path: messageId,
  query: recipientListQuery,
  answers: [{ status: 200, description: 'Recipients', content: json(recipientPage, recipients) }],
};

export const listMessageBatches: OperationDoc = {
  id: 'listMessageBatches',
  summary: 'List provider requests of a message',
  description:
    'In the order of the recipients, each with every attempt. A batch that a provider refuses as a whole, possibly ' +
    'because of one recipient, becomes `replanned` and is divided into parts (`parentId`) until that recipient is alone.',
  path: messageId,
  query: batchListQuery,
  answers: [{ status: 200, description: 'Provider requests', content: json(batchPage, batches) }],
};

export const diagnoseMessage: OperationDoc = {
  id: 'diagnoseMessage',
  summary: 'Diagnose a message',
  description:
    'Why it is where it is, and what can be done: what it waits for, since and until when, each cause with the ' +
    "provider's own words, and the next steps. Of recipients that did not get the mail the first 1,000 count.",
  path: messageId,
  answers: [{ status: 200, description: 'The diagnosis', content: json(diagnosis, diagnosed) }],
};

export const listMessageEvents: OperationDoc = {
  id: 'listMessageEvents',
  summary: 'Timeline of a message',
  description: 'Everything that happened to it, oldest first. Empty after the message was erased (`erasedAt`).',
  path: messageId,
  query: timelineQuery,
  answers: [{ status: 200, description: 'Events, oldest first', content: json(eventPage, events) }],
};

export const findRecipients: OperationDoc = {
  id: 'findRecipients',
  summary: 'Find by address',
  description:
    'All mail to an address that is not erased, newest message first. With `Accept: application/x-ndjson`, everything ' +
    'about the address instead, everything that an erasure would erase, one `{type, data}` a line; `type` is `contact`, ' +
    '`suppression`, `providerCopy`, `message`, `recipient`, `event`, `attachment`, `batch`, `storedAnswer` or ' +
    '`webhookDelivery`. Contacts and suppressions are there for a key with their scopes. With `allClients`, a line has ' +
    'the name of its `client`.',
  query: addressQuery,
  answers: [
    {
      status: 200,
      description: 'Recipients, newest message first',
      content: json(recipientPage, { ...recipients, nextCursor: null }),
    },
  ],
};
