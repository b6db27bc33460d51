import { textRedactor, type Clock, type HttpResponse } from '@gateway/platform';
import type { ProviderWords } from '@gateway/core';
import { cut } from './wire.js';

/**
 * The JSON of an answer, or `undefined` when it is none: HTML, cut off, empty. NUL characters and halves of surrogate
 * pairs become U+FFFD: PostgreSQL keeps neither, and one such name would keep everything else of the answer from being
 * written. Whole numbers that are too large to be exact become text: an id that is written as a number is another id
 * when it is rounded.
 */
export function readJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  try {
    return UNSTORABLE.test(text) || LONG_NUMBER.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Escapes that stand for what cannot be stored; unescaped, neither is JSON in UTF-8. */
const UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/;

/** Perhaps a number that is not exact; within a text it costs time only. */
const LONG_NUMBER = /[:[,]\s*-?\d{16}/;

/** @param context with the text of a number, as ECMAScript 2026 gives it. */
function exact(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value === 'string') return value.replaceAll('\u0000', '\uFFFD').toWellFormed();
  const isRounded = typeof value === 'number' && !Number.isSafeInteger(value);
  return isRounded && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value;
}

/**
 * `Retry-After` in milliseconds, at most a day, given as seconds or as a date; `undefined` when absent or unreadable. A date is by the
 * provider's clock, and so is the answer's own, where it has one: ours may be an hour off.
 */
export function retryAfterMs(headers: HttpResponse['headers'], now: Date): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, LONGEST_PAUSE_MS);
  const at = Date.parse(value);
  const answeredAt = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(at)) return undefined;
  const pause = at - (Number.isNaN(answeredAt) ? now.getTime() : answeredAt);
  return Math.min(Math.max(0, pause), LONGEST_PAUSE_MS);
}

/** A day: a longer one is a mistake that would close an account until an operator notices. */
const LONGEST_PAUSE_MS = 86_400_000;

/** Takes credentials out of a vendor's text, should it repeat them, as logs do, and bounds its length. */
export type Redact = (text: string) => string;

/** Of whom an answer is, and by what it is read. */
export interface Reading {
  /** The account's name, which its words carry. */
  readonly account: string;
  readonly redact: Redact;
  readonly clock: Clock;
}

export function redactor(secrets: readonly string[]): Redact {
  const redact = textRedactor(secrets);
  return (text) => cut(redact(text));
}

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
