import { FieldErrors, GatewayProblem, type MessageSpec, type Recipient } from '@gateway/core';
import { readLines, type Line } from '../../http/bodies/ndjson.js';
import { isObject } from '../../http/fields/mailbox.js';
import type { AppliedTemplate, MessageTemplates } from './message-templates.js';
import { readEnvelope, toSpec, type MessageContext, type ValidEnvelope } from './envelope.js';
import { rulesFor } from './read-message.js';
import { RecipientReader } from './recipients/recipient-reader.js';

export const MAX_STREAMED_RECIPIENTS = 5_000_000;
/** The first line holds the whole content: html and text of 500,000 bytes each, written with escapes. */
const LONGEST_LINE_BYTES = 8 * 1024 * 1024;

export interface StreamedMessage {
  readonly spec: MessageSpec;
  /** To be read once, to its end. Rejects with everything that is wrong, by line and pointer. */
  readonly recipients: AsyncIterable<readonly Recipient[]>;
}

/**
 * Reads an NDJSON body: the message without recipients in the first line, then one recipient a line.
 * @throws GatewayProblem when the first line is wrong; what is wrong with a recipient comes while they are read.
 */
export async function readMessageStream(
  body: AsyncIterable<Buffer>,
  context: MessageContext,
  templates: MessageTemplates,
): Promise<StreamedMessage> {
  const pages = readLines(body, LONGEST_LINE_BYTES);
  const first = await pages.next();
  const [head, ...others] = first.done ? [] : first.value;
  if (head === undefined)
    throw new GatewayProblem('malformed_json', 'The body is empty; its first line is the message.');
  head.faults?.throwIfAny();
  const errors = new FieldErrors();
  const template = await templates.for(head.value);
  const envelope = readHead(head, context, errors, template);
  const reader = new RecipientReader(rulesFor({}, envelope), errors);
  return {
    spec: toSpec(envelope, template?.source),
    recipients: readRecipients({ first: others, pages }, reader, errors),
  };
}

function readHead(
  head: Line,
  context: MessageContext,
  errors: FieldErrors,
  template: AppliedTemplate | undefined,
): ValidEnvelope {
  const { input, texts } = readEnvelope(head.value, context, errors, template);
  const source = isObject(head.value) ? head.value : {};
  for (const field of ['recipients', 'audience', 'to', 'cc', 'bcc']) {
    if (source[field] !== undefined)
      errors.add(`/${field}`, 'not_allowed', 'recipients follow, one a line', head.number);
  }
  if (input?.dryRun) errors.add('/dryRun', 'not_allowed', 'a stream cannot be previewed', head.number);
  errors.throwIfAny();
  if (input === undefined || texts === undefined) throw new Error('an invalid message without a field error');
  return { input, texts };
}

async function* readRecipients(
  lines: { readonly first: readonly Line[]; readonly pages: AsyncIterable<readonly Line[]> },
  reader: RecipientReader,
  errors: FieldErrors,
): AsyncGenerator<readonly Recipient[]> {
  yield readPage(lines.first, reader, errors);
  for await (const page of lines.pages) yield readPage(page, reader, errors);
  reader.finish('');
  if (reader.count === 0 && errors.count === 0) errors.add('', 'too_few', 'there is no recipient', 2);
  errors.throwIfAny();
}

function readPage(page: readonly Line[], reader: RecipientReader, errors: FieldErrors): readonly Recipient[] {
  const recipients: Recipient[] = [];
  for (const { value, number, faults } of page) {
    if (faults === undefined) reader.read(value, { pointer: '', line: number }, recipients);
    else errors.addAll(faults);
  }
  if (reader.count > MAX_STREAMED_RECIPIENTS) {
    throw new GatewayProblem('body_too_large', `A stream has at most ${MAX_STREAMED_RECIPIENTS} recipients.`);
  }
  // Nothing will be kept of a stream with an error in it; the rest is read only to tell all of them.
  return errors.count > 0 ? [] : recipients;
}
