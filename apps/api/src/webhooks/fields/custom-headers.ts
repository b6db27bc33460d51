import { z } from 'zod';
import { issue } from '../../http/fields/issue.js';

const NAME = /^[A-Za-z0-9-]{1,50}$/;
/** Visible ASCII and blanks within. */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const LONGEST_VALUE = 1000;
const MOST_HEADERS = 20;
/** Those that the gateway or the connection decides. */
const FORBIDDEN =
  /^(?:webhook-.*|proxy-.*|sec-.*|host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|content-.*|cookie|user-agent)$/i;

/** Headers that an endpoint gets besides the gateway's own. */
export const customHeaders = z
  .record(z.string(), z.string())
  .transform((headers, ctx): Record<string, string> => {
    const names = Object.keys(headers);
    if (names.length > MOST_HEADERS) ctx.addIssue(issue('too_many', `must have at most ${MOST_HEADERS} entries`));
    const kept: Record<string, string> = {};
    for (const name of names.slice(0, MOST_HEADERS)) {
      const value = headers[name] ?? '';
      if (!NAME.test(name)) ctx.addIssue(issue('not_allowed', 'is not the name of a header', [name]));
      else if (FORBIDDEN.test(name)) ctx.addIssue(issue('forbidden_header', 'is set by the gateway', [name]));
      else if (value.length > LONGEST_VALUE) {
        ctx.addIssue(issue('too_long', `must be at most ${LONGEST_VALUE} characters`, [name]));
      } else if (!VALUE.test(value)) ctx.addIssue(issue('control_character', 'must be visible ASCII', [name]));
      else kept[name.toLowerCase()] = value;
    }
    return kept;
  })
  .meta({
    description:
      'Headers of every request. Values are sealed at rest and not shown again; `***` keeps the one that is there',
    examples: [{ 'x-team': 'billing' }],
  });
