import { UnconfirmedError, type Accepted, type Reason, type Refused, type SendOutcome } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { readJson, retryAfterMs, wordsOf, type Reading, type Redact } from '../shared/answer.js';
import { clockHint } from '../shared/apigw-signature.js';
import { createdSchema, errorSchema } from './ncp.wire.js';

export const NCP = 'ncp';
export const SEND_OPERATION = 'createMailRequest';

interface Verdict extends Pick<Refused, 'culprit'> {
  readonly reason: Reason;
  readonly scope: Refused['scope'];
}

const verdict = (reason: Reason, scope: Refused['scope']): Verdict => ({ reason, scope });

/**
 * All validation errors have one code, which does not name the field (ncp.md §1.4): the vendor may have refused the
 * address, name or parameters of a single recipient.
 */
const INVALID: Verdict = { ...verdict('provider_refused', 'batch'), culprit: 'perhaps_recipient' };

/** Codes that definitely refuse, by HTTP status and code: of the service (ncp.md §1.4) and of the gateway (§1.6). */
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

/** Any other 400 in one of the documented shapes: "authentication failed / invalid request" (§1.4). */
const INVALID_REQUEST = INVALID;

/** 2026-11, §3.1: what is answered over the monthly quota is not documented; 400/77102 is likely, so its words count. */
const QUOTA = /quota/i;
const QUOTA_USED_UP = verdict('quota', 'moment');

export interface NcpError {
  /** Is the body one of the documented error shapes? */
  readonly readable: boolean;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Reads either error shape; both members are absent when the body is neither. */
export function readError(answer: HttpResponse, redact: Redact): NcpError {
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
  const { status } = answer;
  const accepted = status >= 200 && status < 300 ? readAccepted(answer) : undefined;
  if (accepted !== undefined) return accepted;
  const refused = refusalOf(SEND_OPERATION, answer, reading);
  if (refused !== undefined) return refused;
  const error = readError(answer, reading.redact);
  const words = wordsOf(reading.account, { code: error.code, message: error.message, httpStatus: status });
  throw new UnconfirmedError(`the answer (HTTP ${status}) is no verdict`, words);
}

export function verdictOf(status: number, error: NcpError): Verdict | undefined {
  if (status === 400 && QUOTA.test(error.message ?? '')) return QUOTA_USED_UP;
  const generic = status === 400 && error.readable ? INVALID_REQUEST : BY_STATUS[status];
  return BY_CODE[`${status}/${error.code}`] ?? generic;
}

function readAccepted(answer: HttpResponse): Accepted | undefined {
  const created = createdSchema.safeParse(readJson(answer.body));
  if (!created.success) return undefined;
  const { requestId } = created.data;
  return {
    outcome: 'accepted',
    requestId,
    operation: SEND_OPERATION,
    httpStatus: answer.status,
    refusedRecipients: [],
  };
}

/** A documented no to any call; `undefined`: the answer is none. */
export function refusalOf(operation: string, answer: HttpResponse, reading: Reading): Refused | undefined {
  const { account, redact, clock } = reading;
  const now = clock.now();
  const error = readError(answer, redact);
  const verdict = verdictOf(answer.status, error);
  if (verdict === undefined) return undefined;
  const pause = retryAfterMs(answer.headers, now);
  const hint = answer.status === 401 ? clockHint(answer, now) : undefined;
  const message = [error.message, hint].filter((part) => part !== undefined).join('; ') || undefined;
  return {
    outcome: 'refused',
    operation,
    ...verdict,
    ...(pause !== undefined && { retryAfterMs: pause }),
    provider: wordsOf(account, { code: error.code, message, httpStatus: answer.status }),
    refusedRecipients: [],
  };
}
