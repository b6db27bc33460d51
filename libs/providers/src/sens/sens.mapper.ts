import type { ListTarget, OutboundBatch, Recipient } from '@gateway/core';
import { writeContent, type WrittenContent } from '../shared/content.js';
import { jsonBody } from '../shared/json-body.js';
import { sensDialect } from './sens.capabilities.js';
import { withMarker } from './sens.marker.js';

const TYPES = { to: 'TO', cc: 'CC', bcc: 'BCC' } as const;

/** The body of create mail request as JSON in chunks. */
export function requestBody(batch: OutboundBatch): Iterable<Buffer> {
  const content = writeContent(batch, sensDialect);
  if (batch.list !== undefined) return [Buffer.from(JSON.stringify(headOf(batch, content)))];
  return jsonBody(headOf(batch, content), 'recipients', batch.recipients, recipientWriter(content));
}

/** The same body as an object, to be shown. */
export function requestObject(batch: OutboundBatch): object {
  const content = writeContent(batch, sensDialect);
  if (batch.list !== undefined) return headOf(batch, content);
  return { ...headOf(batch, content), recipients: batch.recipients.map(recipientWriter(content)) };
}

function headOf(batch: OutboundBatch, { subject, body, individual, common }: WrittenContent): object {
  const advertising = batch.category === 'marketing';
  const { name } = batch.from;
  const { providerTemplateId: templateNo } = batch;
  return {
    senderAddress: batch.from.address,
    ...(name !== undefined && { senderName: name }),
    ...(templateNo !== undefined && { templateNo: numberOf(templateNo) }),
    ...(subject !== undefined && { title: subject }),
    // A body that is the template's own has no marker: the doubt about such a request cannot be settled by look-up.
    ...(body !== undefined && { body: withMarker(body, batch.marker) }),
    individual: batch.delivery === 'individual',
    confirmAndSend: false,
    advertising,
    ...(advertising && { useBasicUnsubscribeMessage: true }),
    ...(batch.attachments.length > 0 && { attachFileIds: batch.attachments.map(({ fileId }) => fileId) }),
    ...(!individual && Object.keys(common).length > 0 && { parameters: common }),
    ...(batch.list !== undefined && { recipientGroupFilter: filterOf(batch.list) }),
  };
}

/** As JSON, NaN would be null: no template at all. */
const numberOf = (text: string): number | string => (/^\d{1,15}$/.test(text) ? Number(text) : text);

const filterOf = ({ lists, match }: ListTarget): object => ({
  operator: match === 'all' ? 'AND' : 'OR',
  groups: lists,
});

/**
 * 2026-11, sens.md §2.1: whether parameters of the request and of a recipient are merged is not documented. So all of them
 * are put in one place: with the recipients when those have any, else with the request.
 */
function recipientWriter(content: WrittenContent): (recipient: Recipient) => object {
  return ({ address, name, type, variables }) => ({
    address,
    ...(name !== undefined && { name }),
    type: TYPES[type],
    ...(content.individual && { parameters: content.valuesOf(variables) }),
  });
}
