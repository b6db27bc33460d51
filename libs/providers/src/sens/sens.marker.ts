/**
 * SENS returns nothing of a request by which its sender could recognise it, except the body in the detail of a mail. So
 * the marker is an HTML comment at the end of the body: it shows nowhere, and holds no character of a variable.
 */
export const withMarker = (body: string, marker: string): string => `${body}<!-- ${tokenOf(marker)} -->`;

/** The part of a marker that is written: `bat_….1` of `bat_….1@example.com`, without anything that could end a comment. */
export const tokenOf = (marker: string): string =>
  marker
    .replace(/@.*$/s, '')
    .replaceAll(/[^\w.]/g, '_')
    .slice(0, LONGEST);

const LONGEST = 80;

/** As it was sent, or escaped as HTML. */
const COMMENT = /(?:<|&lt;)!--\s*(bat_[\w.]{1,80})\s*--(?:>|&gt;)/g;
const TAGS = /(?:<|&lt;)[^<>]*?(?:>|&gt;)|\s+/g;

/**
 * The token of the request that a body belongs to. A mail may quote another one, with its marker, so only the last thing
 * in the body counts; in an advertisement the unsubscribe text may follow it.
 * @returns `undefined` when the body has none, which may mean that SENS does not return it.
 */
export function tokenIn(body: string, advertisement: boolean): string | undefined {
  const last = [...body.matchAll(COMMENT)].at(-1);
  if (last === undefined) return undefined;
  const rest = body.slice(last.index + last[0].length);
  return advertisement || rest.replaceAll(TAGS, '') === '' ? last[1] : undefined;
}
