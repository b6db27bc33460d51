import { z } from 'zod';
import { issue } from './issue.js';

const RFC_3339 = z.iso.datetime({ offset: true });
/** PostgreSQL and JavaScript count years before it differently. */
const FIRST_YEAR = 1;

/**
 * A timestamp, the same in bodies and queries. A wrong one is one error.
 * @param firstYear earliest year, e.g. because nothing was kept then
 */
export const instant = (firstYear = FIRST_YEAR) =>
  z
    .unknown()
    .transform((text, ctx): string => {
      const fault = instantFault(text);
      if (fault !== undefined) ctx.addIssue(issue('invalid_type', fault));
      else if (new Date(String(text)).getUTCFullYear() < firstYear) {
        ctx.addIssue(issue('not_allowed', `must not be before ${firstYear}`));
      }
      return String(text);
    })
    .meta({ type: 'string', format: 'date-time' });

/** @param what else it may be, to begin with. @returns what is wrong with a timestamp; nothing where it is one */
export function instantFault(text: unknown, what = 'must be'): string | undefined {
  if (typeof text === 'string' && RFC_3339.safeParse(text).success) return undefined;
  const fault = `${what} an RFC 3339 timestamp with a time zone, e.g. 2026-11-20T00:00:00+09:00`;
  const isMisread = typeof text === 'string' && RFC_3339.safeParse(text.replace(/ (?=\d\d:\d\d$)/, '+')).success;
  return isMisread ? `${fault}; in a query, write its "+" as %2B: a bare one is a blank` : fault;
}
