import {
  FieldErrors,
  type AudienceExpression,
  type ListExpression,
  type MessageSpec,
  type Recipient,
  type RecipientType,
} from '@gateway/core';
import { Turns } from '@gateway/platform';
import { checkAudience } from './audience-expression.js';
import { readEnvelope, toSpec, type Envelope, type MessageContext } from './envelope.js';
import { isObject, type Place } from '../../http/fields/mailbox.js';
import { MAX_RECIPIENTS } from './message.schema.js';
import type { AppliedTemplate } from './message-templates.js';
import { RecipientReader, type RecipientRules } from './recipients/recipient-reader.js';

export interface ReadMessage {
  readonly spec: MessageSpec;
  readonly recipients: readonly Recipient[];
  /** The audience instead of recipients, once its groups are found. */
  readonly audience?: AudienceExpression | ListExpression;
  readonly dryRun: boolean;
}

export interface Reading {
  readonly context: MessageContext;
  /** Texts and files of the template that the body names. */
  readonly template?: AppliedTemplate | undefined;
  /** Of all messages that are read together. */
  readonly turns?: Turns;
}

/**
 * Reads the JSON body of `POST /v1/messages`.
 * @throws GatewayProblem `validation_failed` with everything that is wrong with it, by pointer.
 */
export async function readMessage(
  body: unknown,
  { context, template, turns = new Turns() }: Reading,
): Promise<ReadMessage> {
  const errors = new FieldErrors();
  const envelope = readEnvelope(body, context, errors, template);
  const recipients = isObject(body) ? await readRecipients(body, envelope, { errors, turns }) : [];
  errors.throwIfAny();
  const { input, texts } = envelope;
  if (input === undefined || texts === undefined) throw new Error('an invalid message without a field error');
  const { audience, dryRun } = input;
  return {
    spec: toSpec({ input, texts }, template?.source),
    recipients,
    ...(audience !== undefined && { audience }),
    dryRun,
  };
}

async function readRecipients(
  body: Record<string, unknown>,
  envelope: Envelope,
  { errors, turns }: { readonly errors: FieldErrors; readonly turns: Turns },
): Promise<readonly Recipient[]> {
  if (body['audience'] !== undefined) {
    checkAudience(body, errors);
    return [];
  }
  const reader = new RecipientReader(rulesFor(body, envelope), errors);
  const recipients: Recipient[] = [];
  for (const entry of entriesOf(body, errors)) {
    reader.read(entry.value, entry.place, recipients, entry.type);
    // Before more strings of several mailboxes are read.
    if (reader.count > MAX_RECIPIENTS) break;
    const rest = turns.rest();
    if (rest !== undefined) await rest;
  }
  const pointer = body['recipients'] === undefined ? '/to' : '/recipients';
  if (reader.count > MAX_RECIPIENTS) errors.add(pointer, 'too_many', TOO_MANY);
  reader.finish(pointer);
  return recipients;
}

/** Where the message itself is invalid, its recipients are still checked as far as they can be. */
export function rulesFor(body: Record<string, unknown>, { input, texts }: Envelope): RecipientRules {
  if (input !== undefined) {
    const { category, delivery, dedupe, variables: defaults = {} } = input;
    const hollow = texts?.hollow.filter(({ names }) => names.length > 0) ?? [];
    return { category, delivery, dedupe, defaults, content: texts?.content, hollow };
  }
  const delivery = body['delivery'] === 'shared' ? 'shared' : 'individual';
  return {
    category: 'transactional',
    delivery,
    dedupe: body['dedupe'] === true,
    defaults: {},
    content: undefined,
    hollow: [],
  };
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

/** Fields that exclude `recipients`. */
export function refuseShorthands(body: Record<string, unknown>, errors: FieldErrors): void {
  for (const field of shorthandsIn(body)) {
    errors.add(`/${field}`, 'not_allowed', 'cannot be combined with recipients; use one of them');
  }
}

export const TOO_MANY = `holds more than ${MAX_RECIPIENTS} recipients; one JSON request takes no more`;

export const tooMany = (count: number): string => `has ${count} recipients; one JSON request takes ${MAX_RECIPIENTS}`;

function* listOf(value: unknown, pointer: string, errors: FieldErrors): Generator<Entry> {
  if (!Array.isArray(value)) return errors.add(pointer, 'invalid_type', 'must be a list of recipients');
  if (value.length === 0) errors.add(pointer, 'too_few', 'must have at least one recipient');
  if (value.length > MAX_RECIPIENTS) return errors.add(pointer, 'too_many', tooMany(value.length));
  for (let i = 0; i < value.length; i += 1) yield { value: value[i], place: { pointer: `${pointer}/${i}` } };
}
