import {
  FieldErrors,
  TemplateSyntaxError,
  isEmptyWith,
  parseTemplate,
  isListExpression,
  textsOf,
  type Content,
  type HeaderLimits,
  type HollowText,
  type MessageSpec,
  type Mailbox,
  type MessageTemplate,
  type ParsedContent,
  type ParsedTexts,
  type Template,
} from '@gateway/core';
import { addIssues } from '../../http/fields/field-errors.js';
import { checkListVariables } from './list-expression.js';
import { hasControlCharacter, isObject } from '../../http/fields/mailbox.js';
import { messageSchema, type MessageInput } from './message.schema.js';
import { withTemplate, type AppliedTemplate } from './message-templates.js';

/** Beyond this a body is not worth naming each unknown field. */
const MAX_MEMBERS = 1000;
const LONGEST_SCHEDULE_MS = 60 * 24 * 3_600_000;

/** The facts that a body is checked against besides its own shape. */
export interface MessageContext {
  readonly now: Date;
  readonly providers: readonly string[];
  readonly headers: HeaderLimits;
}

type CompleteInput = MessageInput & { readonly from: Mailbox };

/** The parts of a message besides its recipients. Wrong parts are `undefined` and reported to the errors. */
export interface Envelope {
  readonly input: CompleteInput | undefined;
  readonly texts: ParsedTexts | undefined;
}

const INVALID: Envelope = { input: undefined, texts: undefined };

export interface ValidEnvelope {
  readonly input: CompleteInput;
  readonly texts: ParsedTexts;
}

export function readEnvelope(
  body: unknown,
  context: MessageContext,
  errors: FieldErrors,
  template?: AppliedTemplate,
): Envelope {
  if (!isReadable(body, errors)) return INVALID;
  const whole = template === undefined ? body : withTemplate(body, template);
  template?.faults.forEach(({ pointer, code, detail }) => errors.add(pointer, code, detail));
  requireFields(whole, template, errors);
  const parsed = messageSchema.safeParse(whole, { reportInput: true });
  if (!parsed.success) addIssues(errors, parsed.error.issues);
  const input = parsed.data;
  if (input?.from === undefined) return INVALID;
  const texts = readTexts(input, errors);
  checkContext(input, context, errors);
  if (texts !== undefined) checkTexts(texts, input, errors);
  return { input: { ...input, from: input.from }, texts };
}

function isReadable(body: unknown, errors: FieldErrors): body is Record<string, unknown> {
  if (!isObject(body)) {
    errors.add('', 'invalid_type', 'must be a JSON object');
    return false;
  }
  const members = Object.keys(body).length;
  if (members > MAX_MEMBERS) errors.add('', 'too_many', `has ${members} members; a message has about twenty`);
  return members <= MAX_MEMBERS;
}

function checkTexts({ content, hollow }: ParsedTexts, input: MessageInput, errors: FieldErrors): void {
  if (isOfList(input)) checkListVariables(content, input.variables, errors);
  for (const text of hollow) checkHollow(text, input, errors);
}

/** Reports texts that are empty for all; recipients with values of their own are checked one by one. */
function checkHollow(text: HollowText, input: MessageInput, errors: FieldErrors): void {
  if (text.names.length === 0) errors.add(`/${text.field}`, 'required', 'must not be empty');
  else if (isOfList(input) && isEmptyWith(text, input.variables ?? {})) {
    errors.add(`/${text.field}`, 'required', 'is empty with these values');
  }
}

/** Fields that only a template may leave out. */
function requireFields(
  body: Record<string, unknown>,
  template: AppliedTemplate | undefined,
  errors: FieldErrors,
): void {
  if (body['from'] === undefined) errors.add('/from', 'required', 'an address is required');
  if (template?.source?.kind === 'provider') return;
  if (body['subject'] === undefined) errors.add('/subject', 'required', 'is required');
}

/** Parses the texts, each with its own pointer, and checks default values in the subject. */
function readTexts(input: MessageInput, errors: FieldErrors): ParsedTexts | undefined {
  const before = errors.count;
  const needsBody = input.template?.kind !== 'provider';
  if (needsBody && input.html === undefined && input.text === undefined)
    errors.add('/html', 'required', 'html or text is required');
  const [subject, html, text] = (['subject', 'html', 'text'] as const).map((field) =>
    readTemplate(field, input[field], errors),
  );
  if (errors.count > before) return undefined;
  const templates = {
    subject: subject ?? [],
    ...(html !== undefined && { html }),
    ...(text !== undefined && { text }),
  };
  const texts = textsOf(templates, input.category);
  checkSubjectValues(texts.content, input, errors);
  return texts;
}

/** The subject becomes a header. */
function checkSubjectValues(content: ParsedContent, input: MessageInput, errors: FieldErrors): void {
  for (const part of content.subject) {
    // Names come from callers: nothing is read from a prototype.
    if (part.kind !== 'variable' || !Object.hasOwn(input.variables ?? {}, part.name)) continue;
    const value = input.variables?.[part.name];
    if (value === undefined || !hasControlCharacter(value)) continue;
    errors.add(
      `/variables/${part.name}`,
      'control_character',
      'is used in the subject and must not contain line breaks',
    );
  }
}

function readTemplate(field: string, text: string | undefined, errors: FieldErrors): Template | undefined {
  if (text === undefined) return undefined;
  try {
    return parseTemplate(text);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    errors.add(`/${field}`, 'invalid_template', error.message);
    return undefined;
  }
}

function checkContext(input: MessageInput, context: MessageContext, errors: FieldErrors): void {
  if (input.provider !== 'auto' && !context.providers.includes(input.provider)) {
    const known = ['auto', ...context.providers].join(', ');
    errors.add('/provider', 'unknown_reference', `unknown account; configured accounts: ${known}`);
  }
  checkTemplatePlace(input, context, errors);
  checkListPlace(input, errors);
  checkHeaders(input.headers ?? {}, context.headers, errors);
  if (input.category === 'authentication' && input.attachments.length > 0) {
    errors.add('/attachments', 'not_allowed', 'an authentication message has no attachments');
  }
  checkSchedule(input, context, errors);
}

function checkHeaders(
  headers: Readonly<Record<string, string>>,
  { forbidden, valueBytes: most }: HeaderLimits,
  errors: FieldErrors,
): void {
  for (const [name, value] of Object.entries(headers)) {
    if (forbidden.has(name.toLowerCase())) {
      errors.add(`/headers/${name}`, 'forbidden_header', 'this header is set by the gateway or the provider');
    } else if (Buffer.byteLength(value) > most) {
      errors.add(`/headers/${name}`, 'too_long', `a value has at most ${most} bytes`);
    }
  }
}

function checkSchedule({ sendAt }: MessageInput, context: MessageContext, errors: FieldErrors): void {
  if (sendAt === undefined) return;
  const aheadMs = new Date(sendAt).getTime() - context.now.getTime();
  if (aheadMs < 0) errors.add('/sendAt', 'in_the_past', 'must not be in the past');
  if (aheadMs > LONGEST_SCHEDULE_MS) errors.add('/sendAt', 'too_far_ahead', 'must be at most 60 days ahead');
}

/** A provider's own template chooses the account. */
function checkTemplatePlace({ template, provider }: MessageInput, context: MessageContext, errors: FieldErrors): void {
  if (template?.kind !== 'provider') return;
  if (!context.providers.includes(template.provider)) {
    const known = context.providers.join(', ');
    errors.add('/template/provider', 'unknown_reference', `unknown account; configured accounts: ${known}`);
  } else if (provider !== 'auto' && provider !== template.provider) {
    errors.add('/provider', 'not_allowed', `the template belongs to ${template.provider}`);
  }
}

const isOfList = ({ audience }: MessageInput): boolean => audience !== undefined && isListExpression(audience);

/** So does a provider's own list. */
function checkListPlace({ audience, provider, template }: MessageInput, errors: FieldErrors): void {
  if (audience === undefined || !isListExpression(audience)) return;
  const place = audience.provider;
  if (provider !== 'auto' && provider !== place) errors.add('/provider', 'not_allowed', `the lists belong to ${place}`);
  if (template?.kind === 'provider' && template.provider !== place) {
    errors.add('/template/provider', 'not_allowed', `the lists belong to ${place}`);
  }
}

const contentOf = ({ subject = '', html, text }: MessageInput): Content => ({
  subject,
  ...(html !== undefined && { html }),
  ...(text !== undefined && { text }),
});

/** The account, where a template or a list has one. */
function placeOf({ audience, provider }: CompleteInput, template: MessageTemplate | undefined): string {
  if (audience !== undefined && isListExpression(audience)) return audience.provider;
  return template?.kind === 'provider' ? template.provider : provider;
}

export const toSpec = ({ input, texts }: ValidEnvelope, template?: MessageTemplate): MessageSpec => ({
  category: input.category,
  delivery: input.delivery,
  from: input.from,
  content: contentOf(input),
  parsed: texts,
  ...(template !== undefined && { template }),
  variables: input.variables ?? {},
  headers: input.headers ?? {},
  attachments: input.attachments,
  ...(input.sendAt !== undefined && { sendAt: new Date(input.sendAt) }),
  hold: input.hold,
  provider: placeOf(input, template),
  metadata: input.metadata ?? {},
  tags: input.tags,
  onQuota: input.onQuota,
  dedupe: input.dedupe,
  allowSplit: input.allowSplit,
});
