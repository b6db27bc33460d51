import { decodeId } from '@gateway/core';
import { z } from 'zod';
import { issue } from '../../http/fields/issue.js';
import { createCategory, needsBody, templateFields } from '../template.schema.js';

/** Of the form of an export. */
export const FORMAT_VERSION = 1;
/** Categories, and templates, of one import. */
const MAX_ENTRIES = 10_000;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const formatVersion = z.literal(FORMAT_VERSION).meta({ description: 'Version of this format' });
export const accountName = z.string().min(1).max(50);

export const pushTemplate = z.strictObject({
  provider: accountName.meta({ description: 'Name of the account', examples: ['ncp'] }),
});

export const importQuery = z.strictObject({
  from: accountName
    .optional()
    .meta({ description: 'Account whose own templates are taken over; then there is no body', examples: ['ncp'] }),
});

export const exportQuery = z.strictObject({
  from: accountName.optional().meta({
    description: "Account whose own backup is returned, in the provider's format; needs an admin key",
    examples: ['ncp'],
  }),
});

/** The entries are read one by one: a wrong one is reported and left out. */
export const templateFile = z.strictObject({
  version: formatVersion,
  categories: z.array(z.unknown()).max(MAX_ENTRIES).default([]),
  templates: z.array(z.unknown()).max(MAX_ENTRIES).default([]),
});

export const templateArchive = z.strictObject({
  version: formatVersion,
  provider: accountName.meta({ description: 'The account that it came from' }),
  archive: z
    .string()
    .min(1)
    .superRefine((text, ctx) => {
      if (!BASE64.test(text)) ctx.addIssue(issue('invalid_type', 'must be base64'));
    })
    .meta({ description: "The provider's own file, in base64" }),
});

const entryId = (kind: 'template' | 'templateCategory') =>
  z.string().transform((id, ctx) => {
    const uuid = decodeId(kind, id);
    if (uuid !== undefined) return uuid;
    ctx.addIssue(issue('invalid_type', 'is not an id of this kind'));
    return z.NEVER;
  });

const { parentId, description: categoryDescription } = createCategory.shape;

/** An export writes `null` for a field without value, and an import takes an export as it is. */
export const fileCategory = createCategory.extend({
  id: entryId('templateCategory'),
  parentId: parentId.nullable(),
  description: categoryDescription.nullable(),
});

const { categoryId, description, from, html, text } = templateFields;

export const fileTemplate = z
  .strictObject({
    ...templateFields,
    id: entryId('template').optional(),
    categoryId: categoryId.nullable(),
    description: description.nullable(),
    from: from.nullable(),
    html: html.nullable(),
    text: text.nullable(),
  })
  .superRefine(needsBody);
