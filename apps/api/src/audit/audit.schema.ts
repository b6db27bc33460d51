import { decodeId } from '@gateway/core';
import { z } from 'zod';
import { instantFault } from '../http/fields/instant.js';
import { issue } from '../http/fields/issue.js';
import { cursorOf, pageQuery, queryText } from '../http/page.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';

/** A time, or an entry. */
const since = z
  .string()
  .max(100)
  .transform((text, ctx) => {
    const entry = decodeId('auditEntry', text);
    if (entry !== undefined) return { entry };
    const fault = instantFault(text, 'must be the id of an entry, or');
    if (fault === undefined) return { time: new Date(text) };
    ctx.addIssue(issue('invalid_type', fault));
    return z.NEVER;
  })
  .meta({
    description: 'Entries from this time on, or after the entry with this id',
    examples: ['2026-11-20T00:00:00Z'],
  });

const filter = {
  actor: queryText(100)
    .optional()
    .meta({
      description: 'A key by its id, a client by its name, or a process (`worker`, `retention`, `doctor`)',
      examples: [EXAMPLE_IDS.apiKey],
    }),
  action: queryText(100)
    .optional()
    .meta({ description: 'An action (`template.update`), or all of a kind (`template`)', examples: ['api_key'] }),
  target: queryText(300)
    .optional()
    .meta({ description: 'What was changed, as entries show it', examples: [EXAMPLE_IDS.template] }),
  since: since.optional(),
};

export const listAudit = z.strictObject({ ...filter, ...pageQuery, cursor: cursorOf(z.int().min(1), 4711) });

export const exportAudit = z.strictObject(filter);

export type AuditQuery = z.output<typeof exportAudit>;
