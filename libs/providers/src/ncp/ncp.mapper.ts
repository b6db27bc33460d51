import type { ListTarget, OutboundBatch, Recipient } from '@gateway/core';
import { writeContent, type WrittenContent } from '../shared/content.js';
import { jsonBody } from '../shared/json-body.js';
import { ncpDialect } from './ncp.capabilities.js';

const TYPES = { to: 'R', cc: 'C', bcc: 'B' } as const;
const MAX_REFERENCES = 100;

/** A marker in the form of `referencesHeader`: `<unique_id@domain.com>`, at most 100 characters (ncp.md §3.1). */
export function referencesOf(marker: string): string {
  const whole = `<${marker}>`;
  if (whole.length <= MAX_REFERENCES) return whole;
  return `<${marker.slice(0, marker.indexOf('@'))}@marker.invalid>`.slice(-MAX_REFERENCES);
}

/** The body of `POST /mails` as JSON in chunks. */
export function mailBody(batch: OutboundBatch): Iterable<Buffer> {
  const content = writeContent(batch, ncpDialect);
  if (batch.list !== undefined) return [Buffer.from(JSON.stringify(headOf(batch, content)))];
  return jsonBody(headOf(batch, content), 'recipients', batch.recipients, recipientWriter(content));
}

/** The same body as an object, to be shown. */
export function mailObject(batch: OutboundBatch): object {
  const content = writeContent(batch, ncpDialect);
  if (batch.list !== undefined) return headOf(batch, content);
  return { ...headOf(batch, content), recipients: batch.recipients.map(recipientWriter(content)) };
}

function headOf(batch: OutboundBatch, { subject, body, individual, common }: WrittenContent): object {
  const advertising = batch.category === 'marketing';
  const { name } = batch.from;
  const { providerTemplateId: sid } = batch;
  return {
    senderAddress: batch.from.address,
    ...(name !== undefined && { senderName: name }),
    ...(sid !== undefined && { templateSid: sidOf(sid) }),
    ...(subject !== undefined && { title: subject }),
    ...(body !== undefined && { body }),
    individual: batch.delivery === 'individual',
    // Their defaults are not documented (2026-11, §3.1).
    confirmAndSend: false,
    advertising,
    ...(advertising && { useBasicUnsubscribeMsg: true }),
    ...(batch.attachments.length > 0 && { attachFileIds: batch.attachments.map(({ fileId }) => fileId) }),
    referencesHeader: referencesOf(batch.marker),
    ...(!individual && Object.keys(common).length > 0 && { parameters: common }),
    ...(batch.list !== undefined && { recipientGroupFilter: filterOf(batch.list) }),
  };
}

/** As JSON, NaN would be null: no template at all. */
const sidOf = (sid: string): number | string => (/^\d{1,15}$/.test(sid) ? Number(sid) : sid);

const filterOf = ({ lists, match }: ListTarget): object => ({ andFilter: match === 'all', groups: lists });

/**
 * 2026-11, §3.1: whether parameters of the request and of a recipient are merged is not documented. So all of them are
 * put in one place: with the recipients when those have any, else with the request.
 */
function recipientWriter(content: WrittenContent): (recipient: Recipient) => object {
  return ({ address, name, type, variables }) => ({
    address,
    ...(name !== undefined && { name }),
    type: TYPES[type],
    ...(content.individual && { parameters: content.valuesOf(variables) }),
  });
}
