import { z } from 'zod';
import { optional, text } from '../../shared/wire.js';

/* Templates and categories of NHN (nhn.md §5.5, §5.6). Unknown members pass. */

const id = z.union([z.number().int(), z.string().regex(/^\d{1,15}$/)]).transform(String);
const flag = z.enum(['Y', 'N']).transform((letter) => letter === 'Y');
const count = optional(z.coerce.number());

export const nothing = z.unknown();

export const categoryPageSchema = z.object({
  totalCount: count,
  data: z
    .array(
      z.object({
        categoryId: id,
        /** `0`: it is the root, which always exists. */
        categoryParentId: id,
        categoryName: z.string(),
        categoryDesc: optional(z.string()),
      }),
    )
    .nullish(),
});
export type NhnCategory = NonNullable<z.output<typeof categoryPageSchema>['data']>[number];

/** Of one that was made or asked for. */
export const categoryIdSchema = z.object({ data: z.object({ categoryId: id }) });

const row = z.object({
  templateId: text,
  categoryId: id,
  templateName: z.string(),
  delYn: optional(flag),
});

export const templatePageSchema = z.object({ totalCount: count, data: z.array(row).nullish() });

export const templateSchema = z.object({
  data: row.extend({
    templateDesc: optional(z.string()),
    useYn: optional(flag),
    title: z.string(),
    sendMailAddress: z.string(),
    templateType: optional(z.string()),
    body: z.string(),
  }),
});
export type NhnTemplate = z.output<typeof templateSchema>['data'];

export const uploadedSchema = z.object({ data: z.object({ fileId: id }) });
