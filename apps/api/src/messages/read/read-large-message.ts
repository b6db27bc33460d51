import { setImmediate as breathe } from 'node:timers/promises';
import { FieldErrors, type MessageSpec, type Recipient } from '@gateway/core';
import type { LargeMessage } from '../../http/bodies/large-message.js';
import { checkAudience } from './audience-expression.js';
import { readEnvelope, toSpec, type MessageContext } from './envelope.js';
import { MAX_RECIPIENTS } from './message.schema.js';
import type { AppliedTemplate } from './message-templates.js';
import { TOO_MANY, refuseShorthands, rulesFor, tooMany, type ReadMessage } from './read-message.js';
import { RecipientReader } from './recipients/recipient-reader.js';

export interface ReadLargeMessage {
  readonly spec: MessageSpec;
  /** To be read once, to its end. Rejects with everything that is wrong with them. */
  readonly recipients: AsyncIterable<readonly Recipient[]>;
  readonly dryRun: boolean;
}

/**
 * Reads the JSON body of `POST /v1/messages` whose recipients are many: they are checked while they are written.
 * @throws GatewayProblem `validation_failed`; where the message itself is wrong, with all that is wrong with recipients.
 */
export async function readLargeMessage(
  message: LargeMessage,
  context: MessageContext,
  template?: AppliedTemplate,
): Promise<ReadLargeMessage> {
  const { members, recipientCount } = message;
  const errors = new FieldErrors();
  const envelope = readEnvelope(members, context, errors, template);
  const { input, texts } = envelope;
  if (members['audience'] !== undefined) checkAudience({ ...members, recipients: [] }, errors);
  else refuseShorthands(members, errors);
  if (recipientCount > MAX_RECIPIENTS) errors.add('/recipients', 'too_many', tooMany(recipientCount));
  // Then the recipients are not looked at.
  if (members['audience'] !== undefined || recipientCount > MAX_RECIPIENTS) errors.throwIfAny();
  const reader = new RecipientReader(rulesFor(members, envelope), errors);
  const recipients = checked(message, reader, errors);
  if (errors.count > 0) await readToTheEnd(recipients);
  if (input === undefined || texts === undefined) throw new Error('an invalid message without a field error');
  return { spec: toSpec({ input, texts }, template?.source), recipients, dryRun: input.dryRun };
}

async function* checked(
  message: LargeMessage,
  reader: RecipientReader,
  errors: FieldErrors,
): AsyncGenerator<readonly Recipient[]> {
  let at = 0;
  for await (const page of message.recipients()) {
    const recipients: Recipient[] = [];
    for (const value of page) {
      reader.read(value, { pointer: `/recipients/${at}` }, recipients);
      at += 1;
    }
    // A string may hold several: their number is known only now.
    if (reader.count > MAX_RECIPIENTS) {
      errors.add('/recipients', 'too_many', TOO_MANY);
      errors.throwIfAny();
    }
    // Nothing will be kept of a message with an error in it; the rest is read only to tell all of them.
    yield errors.count > 0 ? [] : recipients;
  }
  reader.finish('/recipients');
  errors.throwIfAny();
}

/** Recipients that are written in one turn. */
const PAGE = 500;

/** A message whose recipients came as a list of another name, `to` for example, is written page by page, too. */
export function paged(message: ReadMessage): ReadMessage | ReadLargeMessage {
  const { recipients } = message;
  return recipients.length <= PAGE ? message : { ...message, recipients: pagesOf(recipients) };
}

async function* pagesOf(recipients: readonly Recipient[]): AsyncGenerator<readonly Recipient[]> {
  for (let from = 0; from < recipients.length; from += PAGE) {
    yield recipients.slice(from, from + PAGE);
    await breathe();
  }
}

/** Faults of recipients are reported together with those of the message. */
async function readToTheEnd(recipients: AsyncIterable<readonly Recipient[]>): Promise<void> {
  for await (const _ of recipients) continue;
}

/** All of them, for who has to have them at once. */
export async function allRecipients(
  recipients: readonly Recipient[] | AsyncIterable<readonly Recipient[]>,
): Promise<readonly Recipient[]> {
  if (Symbol.iterator in recipients) return recipients;
  const all: Recipient[] = [];
  for await (const page of recipients) for (const recipient of page) all.push(recipient);
  return all;
}
