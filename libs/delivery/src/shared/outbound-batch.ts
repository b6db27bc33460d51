import { decodeId, domainOf, encodeId, parseContent, type OutboundBatch, type Recipient } from '@gateway/core';
import type { BatchRow, MessageContentRow } from '@gateway/database';

/** Unique for the attempt, readable, and no longer than the shortest marker field of a provider (100 characters). */
export const markerFor = (batchId: string, attempt: number, senderAddress: string): string =>
  `${encodeId('batch', batchId)}.${attempt}@${domainOf(senderAddress)}`;

/** The batch of a marker that `markerFor` made; `undefined` for any other text. */
export const batchIdOf = (marker: string): string | undefined => {
  const [, publicId] = /^(bat_[0-9a-z]+)\.\d+@/.exec(marker) ?? [];
  return publicId === undefined ? undefined : decodeId('batch', publicId);
};

/** The rows that a message was accepted into, as an adapter sends them. */
export function outboundBatch(
  batch: Pick<BatchRow, 'id'>,
  marker: string,
  content: MessageContentRow,
  recipients: readonly Recipient[],
): OutboundBatch {
  return {
    batchId: encodeId('batch', batch.id),
    marker,
    category: content.category,
    delivery: content.delivery,
    from: { address: content.fromAddress, ...(content.fromName !== null && { name: content.fromName }) },
    content: parseContent(
      {
        subject: content.subject,
        ...(content.html !== null && { html: content.html }),
        ...(content.text !== null && { text: content.text }),
      },
      content.category,
    ),
    ...(content.providerTemplateId !== null && { providerTemplateId: content.providerTemplateId }),
    variables: content.variables,
    headers: content.headers,
    attachments: [],
    recipients,
  };
}
