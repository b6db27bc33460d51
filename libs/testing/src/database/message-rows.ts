import type { MessageRows, NewMessage } from '@gateway/database';
import { newUuid } from '@gateway/platform';

/** Rows of a mail to one recipient, due now, as they are before it is accepted; `more` replaces columns of the message. */
export function messageRows(clientId: string, more: Partial<NewMessage> = {}, address = 'r@example.com'): MessageRows {
  const message: NewMessage = {
    id: newUuid(),
    clientId,
    category: 'transactional',
    delivery: 'individual',
    requestedProvider: 'auto',
    provider: 'nhn',
    fromAddress: 'a@shop.example.com',
    fromName: null,
    subject: 'Hello',
    html: null,
    text: 'Hello',
    variables: {},
    headers: {},
    metadata: {},
    tags: [],
    onQuota: 'defer',
    allowSplit: false,
    sendAt: null,
    hold: false,
    heldBy: null,
    recipientCount: 1,
    suppressedCount: 0,
    batchCount: 1,
    counts: { queued: 1 },
    routing: {},
    warnings: [],
    requestId: null,
    createdBy: null,
    attachmentIds: [],
    templateId: null,
    templateVersion: null,
    providerTemplateId: null,
    audience: null,
    expansion: null,
    expandAt: null,
    redriveOf: null,
    createdAt: new Date(),
    ...more,
  };
  return {
    message,
    recipients: [{ position: 0, address, type: 'to' }],
    batches: [{ id: newUuid(), positionFrom: 0, positionTo: 0 }],
    events: [{ id: newUuid(), type: 'message.accepted', data: {} }],
    enqueuedAt: message.createdAt,
    ofList: false,
  };
}
