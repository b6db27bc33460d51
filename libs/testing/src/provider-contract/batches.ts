import {
  parseContent,
  type Content,
  type FindQuery,
  type OutboundBatch,
  type Recipient,
  type TrackedRequest,
} from '@gateway/core';

type RecipientText = Partial<Recipient> & { readonly address: string };

export interface BatchText extends Partial<Omit<OutboundBatch, 'content' | 'recipients'>> {
  readonly content?: Content;
  readonly recipients?: readonly RecipientText[];
}

let number = 0;

/** A batch that every provider takes; ids are new each time. A test mentions only what matters to it. */
export function aBatch(text: BatchText = {}): OutboundBatch {
  number += 1;
  const batchId = text.batchId ?? `bat_${String(number).padStart(26, '0')}`;
  const category = text.category ?? 'transactional';
  const recipients = text.recipients ?? [{ address: 'kim@example.com', name: 'Kim' }];
  return {
    batchId,
    marker: `${batchId}.1@gateway.example.com`,
    delivery: 'individual',
    from: { address: 'no-reply@shop.example.com', name: 'Shop' },
    variables: {},
    headers: {},
    attachments: [],
    ...text,
    category,
    content: parseContent(text.content ?? { subject: 'Hello', html: '<p>Hello</p>' }, category),
    recipients: recipients.map((recipient, position) => ({ position, type: 'to', ...recipient })),
  };
}

/** The gateway's look-up of a batch that was not answered. */
export const askingFor = (batch: OutboundBatch, adopted: readonly string[] = []): FindQuery => ({
  batchId: batch.batchId,
  markers: [batch.marker],
  category: batch.category,
  delivery: batch.delivery,
  sender: batch.from.address,
  recipientCount: batch.recipients.length,
  first: { address: batch.recipients[0]?.address ?? '', subject: 'Hello' },
  window: { from: new Date(Date.now() - 60_000), to: new Date() },
  isAdopted: (requestId) => Promise.resolve(adopted.includes(requestId)),
});

export const tracking = (batch: OutboundBatch, request: Pick<TrackedRequest, 'requestId' | 'operation'>) =>
  ({
    requestId: request.requestId,
    operation: request.operation,
    category: batch.category,
    delivery: batch.delivery,
    recipientCount: batch.recipients.length,
    ofList: false,
    acceptedAt: new Date(),
    cursor: undefined as unknown,
  }) satisfies TrackedRequest;
