import { z } from 'zod';
import { instant } from './fields/instant.js';
import { isStorable, mayBeUnstorable } from './json/unstorable.js';
import { queryInteger } from './query/query-integer.js';

export const MAX_LIMIT = 1000;
export const DEFAULT_LIMIT = 50;

/** For the cursors in the documentation. */
export const SOME_UUID = '01941f29-7c00-7000-8000-00000000e0a1';

/** Parameters of every list. Each list writes the end of a page into an opaque cursor of its own. */
export const pageQuery = {
  limit: queryInteger(1, MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .meta({ description: 'Entries per page', examples: [DEFAULT_LIMIT] }),
};

/** A text in a query: not empty, and such that PostgreSQL can compare it. */
export const queryText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(isStorable, { message: 'holds a NUL character', params: { code: 'control_character' } });

/** A moment that PostgreSQL knows too. */
export const queryInstant = instant(1970);

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export const encodeCursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A cursor is a value of one list, checked like any other input.
 * @param example for the documentation.
 */
export const cursorOf = <T extends z.ZodType>(schema: T, example: z.output<T>) =>
  z
    .string()
    .max(500)
    .meta({ description: 'The `nextCursor` of the previous page', examples: [encodeCursor(example)] })
    .transform((text, ctx) => {
      const parsed = schema.safeParse(decode(text));
      if (parsed.success) return parsed.data;
      ctx.addIssue({ code: 'custom', message: 'is not a cursor of this list', params: { code: 'not_allowed' } });
      return z.NEVER;
    })
    .optional();

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text that cannot be stored was never part of a cursor. */
function decode(text: string): unknown {
  try {
    const json = utf8.decode(Buffer.from(text, 'base64url'));
    return mayBeUnstorable(json) ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

/**
 * Makes a page of rows that were asked for with `limit + 1`.
 * @param position what the next page has to know of the last row.
 */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  map: { readonly entry: (row: Row) => T; readonly position: (row: Row) => unknown },
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data: shown.map(map.entry), nextCursor: more ? encodeCursor(map.position(last)) : null };
}
