import type { ListTarget, OutboundBatch, Recipient } from '@gateway/core';
import { writeContent, type WrittenContent } from '../shared/content.js';
import { jsonBody } from '../shared/json-body.js';
import { naverDialect } from './dialect.js';

/** The spelling of one generation of the API. Everything else of a mail request is the same in both. */
export interface RequestSpelling {
  readonly types: Readonly<Record<NonNullable<Recipient['type']>, string>>;
  /** Members for the number of a template, and for the stock unsubscribe text. */
  readonly templateNumber: string;
  readonly basicUnsubscribe: string;
  groupFilter(list: ListTarget): object;
  /** The body as it is sent, where that is not the text itself. */
  body?(text: string, marker: string): string;
  /** Members that only this generation has. */
  others?(batch: OutboundBatch): object;
}

export interface RequestWriter {
  /** The request's body as JSON in chunks. */
  chunks(batch: OutboundBatch): Iterable<Buffer>;
  /** The same as an object, to be shown. */
  shown(batch: OutboundBatch): object;
}

/** Writes batches as mail requests (ncp.md §3.1, sens.md §2.1). */
export function requestWriter(spelling: RequestSpelling): RequestWriter {
  const headOf = (batch: OutboundBatch, content: WrittenContent): object => ({
    ...textsOf(batch, content, spelling),
    ...mannerOf(batch, spelling),
    ...(batch.attachments.length > 0 && { attachFileIds: batch.attachments.map(({ fileId }) => fileId) }),
    ...spelling.others?.(batch),
    ...(!content.individual && Object.keys(content.common).length > 0 && { parameters: content.common }),
    ...(batch.list !== undefined && { recipientGroupFilter: spelling.groupFilter(batch.list) }),
  });
  return {
    chunks: (batch) => {
      const content = writeContent(batch, naverDialect);
      if (batch.list !== undefined) return [Buffer.from(JSON.stringify(headOf(batch, content)))];
      const write = recipientWriter(content, spelling);
      return jsonBody(headOf(batch, content), 'recipients', batch.recipients, write);
    },
    shown: (batch) => {
      const content = writeContent(batch, naverDialect);
      if (batch.list !== undefined) return headOf(batch, content);
      return { ...headOf(batch, content), recipients: batch.recipients.map(recipientWriter(content, spelling)) };
    },
  };
}

function textsOf(
  { from, providerTemplateId, marker }: OutboundBatch,
  { subject, body }: WrittenContent,
  spelling: RequestSpelling,
): object {
  return {
    senderAddress: from.address,
    ...(from.name !== undefined && { senderName: from.name }),
    ...(providerTemplateId !== undefined && { [spelling.templateNumber]: numberOf(providerTemplateId) }),
    ...(subject !== undefined && { title: subject }),
    ...(body !== undefined && { body: spelling.body?.(body, marker) ?? body }),
  };
}

/** The defaults of `confirmAndSend` and `advertising` are not documented for v1 (2026-11, ncp.md §3.1). */
function mannerOf({ category, delivery }: OutboundBatch, spelling: RequestSpelling): object {
  const advertising = category === 'marketing';
  return {
    individual: delivery === 'individual',
    confirmAndSend: false,
    advertising,
    ...(advertising && { [spelling.basicUnsubscribe]: true }),
  };
}

/** As JSON, NaN would be null: no template at all. */
const numberOf = (text: string): number | string => (/^\d{1,15}$/.test(text) ? Number(text) : text);

/**
 * 2026-11: whether parameters of the request and of a recipient are merged is not documented. So all of them are put in
 * one place: with the recipients when those have any, else with the request.
 */
function recipientWriter(content: WrittenContent, { types }: RequestSpelling): (recipient: Recipient) => object {
  return ({ address, name, type, variables }) => ({
    address,
    ...(name !== undefined && { name }),
    type: types[type],
    ...(content.individual && { parameters: content.valuesOf(variables) }),
  });
}
