import type { Refused, SendOutcome } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { readJson, retryAfterMs, type Reading, type Redact } from '../../shared/answer.js';
import {
  acceptedOf,
  INVALID,
  noVerdict,
  QUOTA,
  refusal,
  SEND_OPERATION,
  verdict,
  type ErrorWords,
  type Verdict,
} from '../verdict.js';
import { errorSchema } from './wire.js';

/**
 * Codes that definitely refuse, by HTTP status and code: of the service (ncp.md §1.4) and of the gateway (§1.6). All
 * validation errors have one code, which does not name the field.
 */
const BY_CODE: Readonly<Record<string, Verdict>> = {
  '400/77101': verdict('auth_failed', 'account'),
  '400/77102': INVALID,
  '400/77103': verdict('provider_refused', 'batch'),
  '403/77201': verdict('auth_failed', 'account'),
  '403/77202': verdict('provider_refused', 'account'),
  '405/77001': verdict('provider_refused', 'batch'),
  '415/77002': verdict('provider_refused', 'batch'),
  '400/100': verdict('provider_refused', 'account'),
  '401/200': verdict('auth_failed', 'account'),
  '401/210': verdict('auth_failed', 'account'),
  '404/300': verdict('provider_refused', 'account'),
  '413/430': verdict('too_large', 'batch'),
  '429/400': verdict('quota', 'moment'),
  '429/410': verdict('throttled', 'moment'),
  '429/420': verdict('throttled', 'moment'),
};

/** Statuses that are clear without a code: such a request did not get past the API gateway (§1.4, §1.6). */
const BY_STATUS: Readonly<Record<number, Verdict>> = {
  401: verdict('auth_failed', 'account'),
  403: verdict('auth_failed', 'account'),
  413: verdict('too_large', 'batch'),
  429: verdict('throttled', 'moment'),
};

export interface V1Error extends ErrorWords {
  /** Is the body one of the documented error shapes? */
  readonly readable: boolean;
}

/** Reads either error shape; both members are absent when the body is neither. */
export function readError(answer: HttpResponse, redact: Redact): V1Error {
  const parsed = errorSchema.safeParse(readJson(answer.body));
  if (!parsed.success) return { readable: false, code: undefined, message: undefined };
  const { code, errorCode, message, details } = parsed.data.error;
  const words = [message, details].filter((part) => part !== undefined && part !== null && part !== '').join(': ');
  const either = code ?? errorCode ?? undefined;
  return { readable: (either ?? words) !== '', code: either, message: words === '' ? undefined : redact(words) };
}

/**
 * Judges the answer to `POST /mails`.
 * @throws UnconfirmedError when it is neither an acceptance nor a documented refusal: 3xx, 5xx (77301 to 77303 too),
 * an unreadable or unexpected answer.
 */
export function judgeSend(answer: HttpResponse, reading: Reading): SendOutcome {
  const verdict = acceptedOf(answer) ?? refusalOf(SEND_OPERATION, answer, reading);
  if (verdict !== undefined) return verdict;
  throw noVerdict(answer, readError(answer, reading.redact), reading);
}

export function verdictOf(status: number, error: V1Error): Verdict | undefined {
  if (status === 400 && QUOTA.test(error.message ?? '')) return verdict('quota', 'moment');
  // Any other 400 in one of the documented shapes: "authentication failed / invalid request" (§1.4).
  const generic = status === 400 && error.readable ? INVALID : BY_STATUS[status];
  return BY_CODE[`${status}/${error.code}`] ?? generic;
}

/** A documented no to any call; `undefined`: the answer is none. */
export function refusalOf(operation: string, answer: HttpResponse, reading: Reading): Refused | undefined {
  const error = readError(answer, reading.redact);
  const found = verdictOf(answer.status, error);
  if (found === undefined) return undefined;
  const pause = retryAfterMs(answer.headers, reading.clock.now());
  return refusal(operation, answer, { error, found, pause }, reading);
}
