import { z } from 'zod';
import { optional } from '../../../shared/wire.js';

/* Templates and categories of NCP (ncp.md §5). Unknown members pass. */

const sid = z.union([z.number().int(), z.string().regex(/^-?\d{1,15}$/)]).transform(String);

/** `parentSid` at the root. */
export const ROOT_SID = '-1';

export const templateSchema = z.object({
  sid,
  name: z.string(),
  description: optional(z.string()),
  title: z.string(),
  senderAddress: z.string(),
  senderName: optional(z.string()),
  body: z.string(),
  isUse: z.boolean(),
  category: optional(z.object({ sid })),
});
export type V1Template = z.output<typeof templateSchema>;

export const categorySchema = z.object({ sid });

export interface StructureNode {
  readonly sid: string;
  readonly name: string;
  readonly isCategory: boolean;
  readonly children: readonly StructureNode[];
}

/** 2026-11, §5: the data type's page spells `subCategoris`, examples and clients `subCategories`. */
const nodeSchema: z.ZodType<StructureNode> = z.lazy(() =>
  z
    .object({
      sid,
      name: z.string(),
      isCategory: z.boolean(),
      subCategories: z.array(nodeSchema).nullish(),
      subCategoris: z.array(nodeSchema).nullish(),
      templates: z.array(nodeSchema).nullish(),
    })
    .transform(({ subCategories, subCategoris, templates, ...node }) => ({
      ...node,
      children: [...(subCategories ?? subCategoris ?? []), ...(templates ?? [])],
    })),
);

export const structureSchema = z.object({ contents: z.array(nodeSchema) });

export const exportRequestSchema = z.object({ sid });

export const exportPageSchema = z.object({
  content: z.array(z.object({ sid, statusCode: z.object({ code: z.string() }) })),
  last: optional(z.boolean()),
  totalPages: optional(z.number()),
});
