import type { OutboundBatch, Recipient } from '@gateway/core';
import { writeContent, type WrittenContent } from '@gateway/providers';
import { acmeDialect } from './acme.capabilities.js';

const KINDS = { transactional: 'transaction', authentication: 'login', marketing: 'advertisement' } as const;

/** The body of `POST /v1/mails`. */
export function mailObject(batch: OutboundBatch): object {
  const { from, headers, recipients, category } = batch;
  const content = writeContent(batch, acmeDialect);
  return {
    from: { email: from.address, ...(from.name !== undefined && { name: from.name }) },
    kind: KINDS[category],
    shared: batch.delivery === 'shared',
    subject: content.subject ?? '',
    html: content.body ?? '',
    values: content.common,
    headers,
    recipients: recipients.map((recipient) => toRecipient(recipient, batch, content)),
  };
}

function toRecipient({ address, name, type, variables }: Recipient, { delivery }: OutboundBatch, of: WrittenContent) {
  return {
    email: address,
    ...(name !== undefined && { name }),
    role: type,
    ...(delivery === 'individual' && of.individual && { values: of.valuesOf(variables) }),
  };
}
