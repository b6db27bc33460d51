import type { HttpResponse } from '@gateway/platform';
import type { ProviderWords } from '@gateway/core';

/** The JSON of an answer, or `undefined` when it is none: HTML, cut off, empty. */
export function readJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8').replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * `Retry-After` in milliseconds, given as seconds or as a date; `undefined` when absent or unreadable. A date is by the
 * provider's clock, and so is the answer's own, where it has one: ours may be an hour off.
 */
export function retryAfterMs(headers: HttpResponse['headers'], now: Date): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  const answeredAt = Date.parse(headers['date'] ?? '');
  return Number.isNaN(at) ? undefined : Math.max(0, at - (Number.isNaN(answeredAt) ? now.getTime() : answeredAt));
}

const MAX_WORDS = 1000;

/** Takes an account's secrets out of a vendor's text, should it repeat them, and bounds its length. */
export type Redact = (text: string) => string;

export const redactor =
  (secrets: readonly string[]): Redact =>
  (text) => {
    const clean = secrets.reduce((all, secret) => all.replaceAll(secret, '***'), text);
    return clean.length > MAX_WORDS ? `${clean.slice(0, MAX_WORDS)}…` : clean;
  };

/** Provider words without the members that are absent. */
export function wordsOf(
  name: string,
  words: { readonly code?: string | undefined; readonly message?: string | undefined; readonly httpStatus?: number },
): ProviderWords {
  const { code, message, httpStatus } = words;
  return {
    name,
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...(httpStatus !== undefined && { httpStatus }),
  };
}
