import {
  compileContent,
  parametersFor,
  type Category,
  type CompiledContent,
  type Delivery,
  type OutboundBatch,
  type Recipient,
} from '@gateway/core';
import { jsonBody } from '../shared/json-body.js';
import { overriddenNames } from '../shared/overridden.js';
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

/** The body of a send as JSON in chunks. */
export function mailBody(batch: OutboundBatch, version: NhnVersion): Buffer[] {
  const operation = operationOf(batch.category, batch.delivery);
  if (operation === 'auth-mail') return [Buffer.from(JSON.stringify(mailObject(batch, version)))];
  const compiled = compile(batch);
  const head = headOf(batch, compiled, version);
  return jsonBody(head, 'receiverList', batch.recipients, receiverWriter(batch, compiled, operation));
}

/** The same body as an object, to be shown. */
export function mailObject(batch: OutboundBatch, version: NhnVersion): object {
  const operation = operationOf(batch.category, batch.delivery);
  const compiled = compile(batch);
  const receivers = batch.recipients.map(receiverWriter(batch, compiled, operation));
  const head = headOf(batch, compiled, version);
  return operation === 'auth-mail' ? { ...head, receiver: receivers[0] } : { ...head, receiverList: receivers };
}

const compile = (batch: OutboundBatch): CompiledContent =>
  compileContent(batch.content, nhnDialect, { defaults: batch.variables, overridden: overriddenNames(batch) });

const isShared = (operation: Operation): boolean => operation === 'mail' || operation === 'ad-mail';
const isEmpty = (object: object): boolean => Object.keys(object).length === 0;

function headOf(batch: OutboundBatch, compiled: CompiledContent, version: NhnVersion): object {
  const operation = operationOf(batch.category, batch.delivery);
  const { name } = batch.from;
  return {
    senderAddress: batch.from.address,
    ...(name !== undefined && { senderName: name }),
    title: compiled.subject,
    body: compiled.body,
    // Without it the type is DEFAULT as well; 2026-11, §4.1: documented beyond doubt for individual mail only.
    ...((operation === 'eachMail' || operation === 'ad-eachMail') && { templateType: 'DEFAULT' }),
    ...(isShared(operation) && !isEmpty(compiled.constants) && { templateParameter: compiled.constants }),
    ...(!isEmpty(batch.headers) && { customHeaders: batch.headers }),
    ...(hasGroupingKey(operation, version) && { senderGroupingKey: batch.batchId }),
  };
}

/** `templateParameter` stands with the request in shared mail, else with each receiver (§2.8). */
function receiverWriter(
  batch: OutboundBatch,
  compiled: CompiledContent,
  operation: Operation,
): (recipient: Recipient) => object {
  const shared = isShared(operation);
  const withParameters = !shared && (compiled.parameters.length > 0 || !isEmpty(compiled.constants));
  return ({ address, name, type, variables }) => ({
    receiveMailAddr: address,
    ...(name !== undefined && { receiveName: name }),
    ...(shared && { receiveType: TYPES[type] }),
    ...(withParameters && {
      templateParameter: { ...compiled.constants, ...parametersFor(compiled, batch.variables, variables) },
    }),
  });
}
