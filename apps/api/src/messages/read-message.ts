import {
  FieldErrors,
  type AudienceExpression,
  type ListExpression,
  type MessageSpec,
  type Recipient,
  type RecipientType,
} from '@gateway/core';
import { checkAudience } from './audience-expression.js';
import { readEnvelope, toSpec, type Envelope, type MessageContext } from './envelope.js';
import { isObject, type Place } from './mailbox.js';
import { MAX_RECIPIENTS } from './message.schema.js';
import type { AppliedTemplate } from './message-templates.js';
import { RecipientReader, type RecipientRules } from './recipient-reader.js';

export interface ReadMessage {
  readonly spec: MessageSpec;
  readonly recipients: readonly Recipient[];
  /** Whom it goes to instead of recipients, once its groups are found. */
  readonly audience?: AudienceExpression | ListExpression;
  readonly dryRun: boolean;
}

/**
 * Reads the JSON body of `POST /v1/messages`.
 * @param template what the template gives that the body names.
 * @throws GatewayProblem `validation_failed` with everything that is wrong with it, by pointer.
 */
export function readMessage(body: unknown, context: MessageContext, template?: AppliedTemplate): ReadMessage {
  const errors = new FieldErrors();
  const { input, content } = readEnvelope(body, context, errors, template);
  const recipients = isObject(body) ? readRecipients(body, { input, content }, errors) : [];
  errors.throwIfAny();
  if (input === undefined || content === undefined) throw new Error('an invalid message without a field error');
  const { audience, dryRun } = input;
  return { spec: toSpec(input, template?.source), recipients, ...(audience !== undefined && { audience }), dryRun };
}

function readRecipients(
  body: Record<string, unknown>,
  { input, content }: Envelope,
  errors: FieldErrors,
): readonly Recipient[] {
  if (body['audience'] !== undefined) {
    checkAudience(body, errors);
    return [];
  }
  const reader = new RecipientReader(rulesFor(body, { input, content }), errors);
  const recipients: Recipient[] = [];
  for (const entry of entriesOf(body, errors)) {
    const recipient = reader.read(entry.value, entry.place, entry.type);
    if (recipient !== undefined) recipients.push(recipient);
  }
  reader.finish(body['recipients'] === undefined ? '/to' : '/recipients');
  return recipients;
}

/** Where the message itself is invalid, its recipients are still checked as far as they can be. */
export function rulesFor(body: Record<string, unknown>, { input, content }: Envelope): RecipientRules {
  if (input !== undefined) {
    const { category, delivery, dedupe, variables: defaults = {} } = input;
    return { category, delivery, dedupe, defaults, content };
  }
  const delivery = body['delivery'] === 'shared' ? 'shared' : 'individual';
  return { category: 'transactional', delivery, dedupe: body['dedupe'] === true, defaults: {}, content: undefined };
}

interface Entry {
  readonly value: unknown;
  readonly place: Place;
  readonly type?: RecipientType;
}

/** The recipients of `recipients`, or of the shorthands `to`, `cc`, `bcc`, in this order. */
function* entriesOf(body: Record<string, unknown>, errors: FieldErrors): Generator<Entry> {
  const { recipients } = body;
  if (recipients !== undefined) {
    refuseShorthands(body, errors);
    yield* listOf(recipients, '/recipients', errors);
    return;
  }
  const shorthands = shorthandsIn(body);
  if (shorthands.length === 0) errors.add('/recipients', 'required', 'recipients (or to, or audience) are required');
  for (const type of shorthands) {
    const value = body[type];
    if (!Array.isArray(value)) yield { value, place: { pointer: `/${type}` }, type };
    else for (const entry of listOf(value, `/${type}`, errors)) yield { ...entry, type };
  }
}

const shorthandsIn = (body: Record<string, unknown>) =>
  (['to', 'cc', 'bcc'] as const).filter((field) => body[field] !== undefined);

/** What must not stand beside `recipients`. */
export function refuseShorthands(body: Record<string, unknown>, errors: FieldErrors): void {
  for (const field of shorthandsIn(body)) {
    errors.add(`/${field}`, 'not_allowed', 'stands beside recipients; use one of them');
  }
}

export const tooMany = (count: number): string => `has ${count} recipients; one JSON request takes ${MAX_RECIPIENTS}`;

function* listOf(value: unknown, pointer: string, errors: FieldErrors): Generator<Entry> {
  if (!Array.isArray(value)) return errors.add(pointer, 'invalid_type', 'must be a list of recipients');
  if (value.length === 0) errors.add(pointer, 'too_few', 'must have at least one recipient');
  if (value.length > MAX_RECIPIENTS) return errors.add(pointer, 'too_many', tooMany(value.length));
  for (let i = 0; i < value.length; i += 1) yield { value: value[i], place: { pointer: `${pointer}/${i}` } };
}
