import { decodeId, encodeId } from '@gateway/core';
import { z } from 'zod';
import { SOME_UUID } from '../../http/page.js';
import { issue } from '../../http/fields/issue.js';

/** The reference of a message to its template. */
export type TemplateReference =
  | { readonly kind: 'own'; readonly id: string; readonly version: number | undefined }
  | { readonly kind: 'provider'; readonly provider: string; readonly id: string };

const VERSION = z.int().min(1).max(2_147_483_647);

const fields = z.strictObject({
  id: z.string().optional().meta({ description: 'A template of yours' }),
  version: VERSION.optional().meta({ description: 'One of its versions; the newest unless given' }),
  provider: z.string().max(50).optional().meta({ description: "The account, for a template of the provider's own" }),
  providerTemplateId: z
    .string()
    .trim()
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'Its id there, as the provider writes it' }),
});

const EITHER = 'a template is either {id, version?} or {provider, providerTemplateId}';

type Field = keyof z.output<typeof fields>;
const FORMS = {
  own: { needed: ['id'], foreign: ['provider', 'providerTemplateId'] },
  provider: { needed: ['provider', 'providerTemplateId'], foreign: ['id', 'version'] },
} as const satisfies Record<string, Record<'needed' | 'foreign', readonly Field[]>>;

export const templateReference = fields
  .superRefine((given, ctx) => {
    const { needed, foreign } = FORMS[kindOf(given)];
    for (const name of foreign) if (given[name] !== undefined) ctx.addIssue(issue('not_allowed', EITHER, [name]));
    for (const name of needed) if (given[name] === undefined) ctx.addIssue(issue('required', EITHER, [name]));
  })
  .transform((given): TemplateReference => {
    const { id = '', version, provider = '', providerTemplateId = '' } = given;
    return kindOf(given) === 'own'
      ? { kind: 'own', id, version }
      : { kind: 'provider', provider, id: providerTemplateId };
  })
  .meta({ description: 'Where the texts come from; `from`, `subject`, `html` and `text` given beside it win' });

function kindOf({ id, provider, providerTemplateId }: z.output<typeof fields>): TemplateReference['kind'] {
  return id === undefined && (provider ?? providerTemplateId) !== undefined ? 'provider' : 'own';
}

export const templateIdQuery = z
  .string()
  .meta({ description: 'Made of this template', examples: [encodeId('template', SOME_UUID)] })
  .transform((id, ctx) => {
    const uuid = decodeId('template', id);
    if (uuid !== undefined) return uuid;
    ctx.addIssue(issue('unknown_reference', 'there is no template with this id'));
    return z.NEVER;
  });
