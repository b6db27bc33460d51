import { TemplateSyntaxError, decodeId, encodeId, parseTemplate } from '@gateway/core';
import { z } from 'zod';
import { SOME_UUID, cursorOf, pageQuery, queryText } from '../http/page.js';
import { issue } from '../messages/issue.js';
import { hasControlCharacter } from '../messages/mailbox.js';
import {
  MAX_BODY_BYTES,
  MAX_SUBJECT_BYTES,
  attachments,
  boundedBytes,
  sender,
  singleLine,
  variables,
} from '../messages/message.schema.js';

export const MAX_NAME_LENGTH = 100;
export const MAX_DESCRIPTION_BYTES = 300;
/** For the documentation. */
const SOME_CATEGORY = encodeId('templateCategory', SOME_UUID);

/** Words of Hangul, Latin letters, digits and `. _ -`, single spaces between them. */
const NAME = /^[\p{Script=Hangul}A-Za-z0-9._-]+(?: [\p{Script=Hangul}A-Za-z0-9._-]+)*$/u;
const NAME_RULE = 'consists of Hangul, Latin letters, digits, ".", "_", "-" and single spaces';

/** Hangul that comes in parts, as macOS writes it, is put together. */
export const templateName = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1)
  .max(MAX_NAME_LENGTH)
  .superRefine((text, ctx) => {
    if (text !== '' && !NAME.test(text)) ctx.addIssue(issue('not_allowed', `a name ${NAME_RULE}`));
  })
  .meta({ description: `1 to 100 characters; it ${NAME_RULE}`, examples: ['order-shipped'] });

const description = boundedBytes(MAX_DESCRIPTION_BYTES, 'too_long')
  .superRefine((text, ctx) => {
    if (hasControlCharacter(text)) ctx.addIssue(issue('control_character', 'must not hold control characters'));
  })
  .nullable()
  .meta({ description: 'At most 300 bytes' });

/** A malformed id is as unknown as one that nobody has. */
function readCategory(id: string, ctx: z.core.$RefinementCtx<string>): string {
  const uuid = decodeId('templateCategory', id);
  if (uuid !== undefined) return uuid;
  ctx.addIssue(issue('unknown_reference', 'there is no category with this id'));
  return z.NEVER;
}

const categoryReference = (description: string) =>
  z
    .string()
    .meta({ description, examples: [SOME_CATEGORY] })
    .transform(readCategory);

const parses = (text: string, ctx: z.core.$RefinementCtx<string>): void => {
  try {
    parseTemplate(text);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    ctx.addIssue(issue('invalid_template', error.message));
  }
};

const subject = singleLine(MAX_SUBJECT_BYTES)
  .superRefine(parses)
  .meta({ description: 'At most 500 bytes; `{{name}}` is a variable' });

/** An empty text is none. */
const body = boundedBytes(MAX_BODY_BYTES, 'too_large')
  .superRefine(parses)
  .transform((text) => (text === '' ? null : text))
  .nullable()
  .meta({ description: 'At most 500,000 bytes' });

const head = {
  name: templateName,
  categoryId: categoryReference('Category that it stands in').nullable().optional(),
  description: description.optional(),
  enabled: z.boolean().optional().meta({ description: 'A disabled template can not be sent' }),
};

const content = {
  from: sender.nullable().optional(),
  html: body.optional(),
  text: body.optional(),
  attachments: attachments
    .optional()
    .meta({ description: 'Ids of uploaded files that its messages carry, unless they name their own' }),
};

/** What a template is made of. */
export const templateFields = { ...head, ...content, subject };

export function needsBody({ html, text }: TextsInput, ctx: z.core.$RefinementCtx<unknown>): void {
  if (!html && !text) ctx.addIssue(issue('required', 'html or text is required', ['html']));
}

interface TextsInput {
  readonly html?: string | null | undefined;
  readonly text?: string | null | undefined;
}

export const createTemplate = z.strictObject(templateFields).superRefine(needsBody);

export const updateTemplate = z.strictObject({
  ...head,
  ...content,
  name: templateName.optional(),
  subject: subject.optional(),
});

export const getTemplateQuery = z.strictObject({
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .meta({ description: 'A version; the newest unless given', examples: [1] }),
});

const flag = (description: string) =>
  z
    .enum(['true', 'false'])
    .meta({ description, examples: ['true'] })
    .transform((text) => text === 'true');

export const listTemplatesQuery = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.uuid(), SOME_UUID),
  categoryId: categoryReference('Templates of this category itself').optional(),
  q: queryText(200)
    .optional()
    .meta({ description: 'Part of name, description or subject', examples: ['order'] }),
  enabled: flag('Only enabled ones, or only disabled ones').optional(),
  deleted: flag('Deleted ones, which can be restored').default(false),
});

export const previewTemplate = z.strictObject({
  variables: variables.optional(),
  version: z.int().min(1).max(2_147_483_647).optional().meta({ description: 'The newest unless given' }),
});

export const createCategory = z.strictObject({
  name: templateName,
  parentId: categoryReference('The one above it; none: at the root').nullable().optional(),
  description: description.optional(),
});

export const updateCategory = createCategory.partial();

export const listCategoriesQuery = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.uuid(), SOME_UUID),
  parentId: z
    .string()
    .meta({ description: 'Children of this category; `root`: those at the root', examples: ['root'] })
    .transform((id, ctx) => (id === 'root' ? null : readCategory(id, ctx)))
    .optional(),
  q: queryText(200)
    .optional()
    .meta({ description: 'Part of name or description', examples: ['order'] }),
});
