import { compileContent, parametersFor, type CompiledContent, type OutboundBatch, type Recipient } from '@gateway/core';
import { jsonBody } from '../shared/json-body.js';
import { overriddenNames } from '../shared/overridden.js';
import { ncpDialect } from './ncp.capabilities.js';

const TYPES = { to: 'R', cc: 'C', bcc: 'B' } as const;
const MAX_REFERENCES = 100;

/** A marker as it goes into `referencesHeader`: `<unique_id@domain.com>`, at most 100 characters (ncp.md §3.1). */
export function referencesOf(marker: string): string {
  const whole = `<${marker}>`;
  if (whole.length <= MAX_REFERENCES) return whole;
  return `<${marker.slice(0, marker.indexOf('@'))}@marker.invalid>`.slice(-MAX_REFERENCES);
}

/** The body of `POST /mails` as JSON in chunks. */
export function mailBody(batch: OutboundBatch): Buffer[] {
  const compiled = compile(batch);
  return jsonBody(headOf(batch, compiled), 'recipients', batch.recipients, recipientWriter(batch, compiled));
}

/** The same body as an object, to be shown. */
export function mailObject(batch: OutboundBatch): object {
  const compiled = compile(batch);
  return { ...headOf(batch, compiled), recipients: batch.recipients.map(recipientWriter(batch, compiled)) };
}

const compile = (batch: OutboundBatch): CompiledContent =>
  compileContent(batch.content, ncpDialect, { defaults: batch.variables, overridden: overriddenNames(batch) });

function headOf(batch: OutboundBatch, compiled: CompiledContent): object {
  const advertising = batch.category === 'marketing';
  const { name } = batch.from;
  const inHead = compiled.parameters.length === 0 && Object.keys(compiled.constants).length > 0;
  return {
    senderAddress: batch.from.address,
    ...(name !== undefined && { senderName: name }),
    title: compiled.subject,
    body: compiled.body,
    individual: batch.delivery === 'individual',
    // Their defaults are not documented (2026-11, §3.1).
    confirmAndSend: false,
    advertising,
    ...(advertising && { useBasicUnsubscribeMsg: true }),
    referencesHeader: referencesOf(batch.marker),
    ...(inHead && { parameters: compiled.constants }),
  };
}

/**
 * 2026-11, §3.1: whether parameters of the request and of a recipient are merged is not documented. So all of them
 * stand in one place: with the recipients when those have any, else with the request.
 */
function recipientWriter(batch: OutboundBatch, compiled: CompiledContent): (recipient: Recipient) => object {
  const withParameters = compiled.parameters.length > 0;
  return ({ address, name, type, variables }) => ({
    address,
    ...(name !== undefined && { name }),
    type: TYPES[type],
    ...(withParameters && {
      parameters: { ...compiled.constants, ...parametersFor(compiled, batch.variables, variables) },
    }),
  });
}
