import type { CallOptions } from './options.js';

/** As in package.json; a test compares them. */
export const VERSION = '0.1.0';

/** Windows and their workers have a location; they set the user agent themselves. */
export const inBrowser = 'location' in globalThis;

/** @throws TypeError when it cannot be a header; the text never contains the key */
export function checkKey(key: unknown): string {
  if (typeof key !== 'string' || key === '') throw new TypeError('apiKey must be a text that is not empty');
  const at = key.search(/[^\x21-\x7e]/);
  if (at < 0) return key;
  const code = (key.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new TypeError(`apiKey must be visible ASCII without blanks (has U+${code} at position ${at}); trim it`);
}

/** @throws TypeError unless the gateway takes it */
export function checkIdempotencyKey(key: string): string {
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new TypeError('idempotencyKey must be 1 to 255 visible ASCII characters');
}

/** 128 random bits. (`randomUUID` is missing on pages without TLS.) */
export const newIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Names are lower case, so that a later one replaces an earlier one. */
export function headersOf(...all: readonly CallOptions['headers'][]): Record<string, string> {
  const headers: Record<string, string> = inBrowser ? {} : { 'user-agent': `email-gateway-client/${VERSION}` };
  for (const more of all) {
    for (const [name, value] of Object.entries(more ?? {})) headers[name.toLowerCase()] = value;
  }
  return headers;
}
