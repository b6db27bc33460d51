import type { Refused, SendOutcome } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { readJson, type Reading, type Redact } from '../shared/answer.js';
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
} from '../naver/verdict.js';
import { isText, readErrorBody } from './sens.error-body.js';
import { pauseMs } from './sens.pause.js';

export const SENS = 'sens';

/** Refusals of the API gateway, by HTTP status and code (ncp.md §1.6). */
const BY_CODE: Readonly<Record<string, Verdict>> = {
  '400/100': verdict('provider_refused', 'account'),
  '429/400': verdict('quota', 'moment'),
};

/**
 * The statuses that the documents list (sens.md §1.3) and the gateway's own. 404: no such service or path. After none of
 * them a request exists.
 */
const BY_STATUS: Readonly<Record<number, Verdict>> = {
  401: verdict('auth_failed', 'account'),
  403: verdict('auth_failed', 'account'),
  404: verdict('provider_refused', 'account'),
  405: verdict('provider_refused', 'account'),
  413: verdict('too_large', 'batch'),
  415: verdict('provider_refused', 'account'),
  429: verdict('throttled', 'moment'),
};

/** Fields that all recipients share, and what it means that one of them is refused. The body is measured for each. */
const BY_FIELD: Readonly<Record<string, Verdict>> = {
  senderAddress: verdict('sender_not_verified', 'message'),
  senderName: verdict('provider_refused', 'message'),
  templateNo: verdict('template_error', 'message'),
  title: verdict('content', 'message'),
  attachFileIds: { ...verdict('provider_refused', 'batch'), files: 'perhaps_gone' },
};

export interface SensError extends ErrorWords {
  /** Is the body one of the three documented shapes? */
  readonly readable: boolean;
  /** Names of the fields that are refused, without what follows a dot or bracket. */
  readonly fields: readonly string[];
}

/** Reads any of the error shapes (§1.4); a body that is missing or something else is no error of this reader. */
export function readError(answer: HttpResponse, redact: Redact): SensError {
  const { code, messages, fields } = readErrorBody(readJson(answer.body));
  const message = messages.filter(isText).join(': ');
  return {
    readable: code !== undefined || message !== '',
    code: code === undefined ? undefined : redact(code),
    message: message === '' ? undefined : redact(message),
    fields: fields.map((path) => path.split(/[.[]/)[0] ?? ''),
  };
}

/**
 * Judges the answer to create mail request.
 * @throws UnconfirmedError when it is neither an acceptance nor a documented refusal: 3xx, 5xx, unreadable.
 */
export function judgeSend(answer: HttpResponse, reading: Reading): SendOutcome {
  const accepted = acceptedOf(answer);
  if (accepted !== undefined) return accepted;
  const error = readError(answer, reading.redact);
  const found = verdictOf(answer.status, error);
  if (found === undefined) throw noVerdict(answer, error, reading);
  return refused(answer, { error, found }, reading);
}

const refused = (
  answer: HttpResponse,
  verdict: { readonly error: SensError; readonly found: Verdict },
  reading: Reading,
): Refused => refusal(SEND_OPERATION, answer, { ...verdict, pause: pauseMs(answer, reading.clock.now()) }, reading);

function verdictOf(status: number, error: SensError): Verdict | undefined {
  const known = BY_CODE[`${status}/${error.code}`] ?? BY_STATUS[status];
  if (known !== undefined || status !== 400 || !error.readable) return known;
  if (QUOTA.test(`${error.code} ${error.message}`)) return verdict('quota', 'moment');
  const [first, ...others] = error.fields.map((field) => BY_FIELD[field]);
  // Of several faults, one in what all share is enough.
  return [first, ...others].find((each) => each !== undefined) ?? INVALID;
}
