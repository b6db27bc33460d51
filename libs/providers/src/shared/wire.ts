import { z } from 'zod';

/* Parts of vendors' answers that both vendors write alike. Unknown members and values pass. */

/** Characters of an id that is kept, looked up and put into paths; ids of both vendors have some thirty. */
const MAX_ID = 200;
/** Characters of a code or status. */
const MAX_CODE = 100;
/** Characters of a vendor's words; as in `redactor`. */
export const MAX_WORDS = 1000;
/** Elements of one page: ten times as many as the largest page that is asked for. */
const MAX_ELEMENTS = 10_000;
/** The end of the year 9999, in milliseconds: what RFC 3339 can write. */
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export const cut = (text: string, length = MAX_WORDS): string =>
  // A pair of surrogates may have been cut in two.
  text.length > length ? `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…` : text;

/** Numbers where texts are documented. */
export const text = z.union([z.string(), z.number()]).transform(String);
export const id = text.refine((value) => value !== '' && value.length <= MAX_ID);
export const code = text.transform((value) => cut(value, MAX_CODE));
/** A vendor's text for people. */
export const words = z.string().transform((value) => cut(value));
/** A member that may be absent or invalid, without effect on the others. */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);
/** An entry without a readable address must not cost the page its others. */
export const listedAddress = z
  .string()
  .max(MAX_ID * 2)
  .catch('');

export const isInstant = (ms: number): boolean => ms >= 0 && ms <= LAST_INSTANT;

/**
 * A page's entries. An invalid one is replaced by `unreadable`, so that the others are still read. A list far longer
 * than any page is rejected, because reading it would block the process.
 */
export const entries = <T extends z.ZodType>(entry: T, unreadable: z.output<T>) =>
  z
    .custom<readonly unknown[]>((list) => Array.isArray(list) && list.length <= MAX_ELEMENTS)
    .transform((list) =>
      list.map((each): z.output<T> => {
        const read = entry.safeParse(each);
        return read.success ? read.data : unreadable;
      }),
    );
