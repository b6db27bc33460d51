/** Characters that an address may continue with, so that `kim@example.com` is not found in `jo.kim@example.com`. */
const BEFORE = `(?:(?<=%[0-9A-Fa-f]{2})|(?<![A-Za-z0-9._%+-]))`;
const AFTER = `(?![A-Za-z0-9-]|\\.[A-Za-z0-9])`;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

const html = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/**
 * A regular expression, as PostgreSQL reads it, that finds addresses in texts whatever their case: as they are, in JSON,
 * in HTML and in URLs.
 */
export function addressPattern(addresses: readonly string[]): string {
  const forms = addresses.flatMap((address) => [
    address,
    JSON.stringify(address).slice(1, -1),
    html(address),
    encodeURIComponent(address),
  ]);
  return `${BEFORE}(?:${[...new Set(forms)].map(escaped).join('|')})${AFTER}`;
}

/** Anything in a text that looks like an address. */
const LIKE_ADDRESS = /[^\s"<>(),;:\\[\]{}]+@[a-z0-9.-]*[a-z0-9]/gi;

export const mentionsAddress = (text: string): boolean => text.search(LIKE_ADDRESS) >= 0;

/** What cannot belong to an address that follows, as in `?to=kim@example.com` and in the pointer `/a~1kim@example.com`. */
const BOUNDARY = /~[01]|[^a-z0-9._%+-]/gi;

/** Takes addresses, in lower case, out of a text. */
export const withoutAddresses = (text: string, addresses: ReadonlySet<string>): string =>
  text.replaceAll(LIKE_ADDRESS, (found) => {
    const starts = [0, ...[...found.matchAll(BOUNDARY)].map((match) => match.index + match[0].length)];
    const start = starts.find((at) => addresses.has(found.slice(at).toLowerCase()));
    return start === undefined ? found : `${found.slice(0, start)}[erased]`;
  });
