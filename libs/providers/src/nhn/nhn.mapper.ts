import type { Category, Delivery, OutboundBatch, Recipient } from '@gateway/core';
import { writeContent, type WrittenContent } from '../shared/content.js';
import { jsonBody } from '../shared/json-body.js';
import { nhnDialect } from './nhn.capabilities.js';
import { isFrom, type NhnVersion } from './nhn.config.js';

const TYPES = { to: 'MRT0', cc: 'MRT1', bcc: 'MRT2' } as const;

/** The vendor's names of the calls that send (nhn.md §4.1 to §4.5). */
export type Operation = 'mail' | 'eachMail' | 'ad-mail' | 'ad-eachMail' | 'auth-mail';

export function operationOf(category: Category, delivery: Delivery): Operation {
  if (category === 'authentication') return 'auth-mail';
  const shared = delivery === 'shared';
  if (category === 'marketing') return shared ? 'ad-mail' : 'ad-eachMail';
  return shared ? 'mail' : 'eachMail';
}

/** Does the call take a `senderGroupingKey`? auth-mail only since v2.1 of 2025-03-11 (§4.5, §6.1). */
export const hasGroupingKey = (operation: Operation, version: NhnVersion): boolean =>
  operation !== 'auth-mail' || isFrom(version, 'v2.1');

/** Where there is no `senderGroupingKey`, the batch id goes out in this header and is read from the mail's detail. */
export const BATCH_HEADER = 'X-Batch-Id';

export const saysBatch = (headers: Readonly<Record<string, string>>, batchId: string): boolean =>
  Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === BATCH_HEADER.toLowerCase() && value === batchId,
  );

/** The body of a send as JSON in chunks. */
export function mailBody(batch: OutboundBatch, version: NhnVersion): Iterable<Buffer> {
  const operation = operationOf(batch.category, batch.delivery);
  if (operation === 'auth-mail') return [Buffer.from(JSON.stringify(mailObject(batch, version)))];
  const content = writeContent(batch, nhnDialect);
  const head = headOf(batch, content, version);
  return jsonBody(head, 'receiverList', batch.recipients, receiverWriter(content, operation));
}

/** The same body as an object, to be shown. */
export function mailObject(batch: OutboundBatch, version: NhnVersion): object {
  const operation = operationOf(batch.category, batch.delivery);
  const content = writeContent(batch, nhnDialect);
  const receivers = batch.recipients.map(receiverWriter(content, operation));
  const head = headOf(batch, content, version);
  return operation === 'auth-mail' ? { ...head, receiver: receivers[0] } : { ...head, receiverList: receivers };
}

const isShared = (operation: Operation): boolean => operation === 'mail' || operation === 'ad-mail';
const isEmpty = (object: object): boolean => Object.keys(object).length === 0;

function headOf(batch: OutboundBatch, content: WrittenContent, version: NhnVersion): object {
  const operation = operationOf(batch.category, batch.delivery);
  const { name } = batch.from;
  const { subject, body, common } = content;
  return {
    senderAddress: batch.from.address,
    ...(name !== undefined && { senderName: name }),
    ...(batch.providerTemplateId !== undefined && { templateId: batch.providerTemplateId }),
    ...(subject !== undefined && { title: subject }),
    ...(body !== undefined && { body }),
    ...(needsType(operation, content) && { templateType: 'DEFAULT' }),
    ...(isShared(operation) && !isEmpty(common) && { templateParameter: common }),
    ...markedHeaders(batch, hasGroupingKey(operation, version)),
    ...fileList(batch),
  };
}

function markedHeaders({ headers, batchId }: OutboundBatch, hasKey: boolean): object {
  if (!hasKey) return { customHeaders: { ...headers, [BATCH_HEADER]: batchId } };
  return { ...(!isEmpty(headers) && { customHeaders: headers }), senderGroupingKey: batchId };
}

/**
 * Without it the type is DEFAULT as well, or that of the template; 2026-11, §4.1: documented beyond doubt for
 * individual mail only.
 */
const needsType = (operation: Operation, { subject, body }: WrittenContent): boolean =>
  (operation === 'eachMail' || operation === 'ad-eachMail') && (subject !== undefined || body !== undefined);

/** auth-mail takes none (§4.5), and no such message is accepted with any. */
const fileList = ({ attachments }: OutboundBatch): object =>
  attachments.length > 0 ? { attachFileIdList: attachments.map(fileIdOf) } : {};

/** A number at NHN; in a preview there is none yet. */
const fileIdOf = ({ fileId }: { readonly fileId: string }): number | string =>
  /^\d{1,15}$/.test(fileId) ? Number(fileId) : fileId;

/** `templateParameter` stands with the request in shared mail, else with each receiver (§2.8). */
function receiverWriter(content: WrittenContent, operation: Operation): (recipient: Recipient) => object {
  const shared = isShared(operation);
  const withParameters = !shared && (content.individual || !isEmpty(content.common));
  return ({ address, name, type, variables }) => ({
    receiveMailAddr: address,
    ...(name !== undefined && { receiveName: name }),
    ...(shared && { receiveType: TYPES[type] }),
    ...(withParameters && { templateParameter: content.valuesOf(variables) }),
  });
}
