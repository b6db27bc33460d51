import { UnconfirmedError, type Accepted, type Reason, type Refused, type SendOutcome } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { readJson, wordsOf, type Reading, type Redact } from '../shared/answer.js';
import { clockHint } from '../shared/apigw-signature.js';
import { isText, readErrorBody } from './sens.error-body.js';
import { pauseMs } from './sens.pause.js';
import { createdSchema } from './sens.wire.js';

export const SENS = 'sens';
export const SEND_OPERATION = 'createMailRequest';

type Verdict = Pick<Refused, 'reason' | 'scope' | 'culprit' | 'files'>;

const verdict = (reason: Reason, scope: Refused['scope']): Verdict => ({ reason, scope });

/** A validation error that names no field may be about a single recipient. */
const INVALID: Verdict = { ...verdict('provider_refused', 'batch'), culprit: 'perhaps_recipient' };

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

/** The answer to a request over the quota is not documented, so its words count. */
const QUOTA = /quota/i;

export interface SensError {
  /** Is the body one of the three documented shapes? */
  readonly readable: boolean;
  readonly code: string | undefined;
  readonly message: string | undefined;
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
  const { status } = answer;
  const accepted = status >= 200 && status < 300 ? readAccepted(answer) : undefined;
  if (accepted !== undefined) return accepted;
  const error = readError(answer, reading.redact);
  const found = verdictOf(status, error);
  if (found !== undefined) return refused(answer, { error, found, reading });
  const words = wordsOf(reading.account, { code: error.code, message: error.message, httpStatus: status });
  throw new UnconfirmedError(`the answer (HTTP ${status}) is no verdict`, words);
}

function readAccepted({ body, status: httpStatus }: HttpResponse): Accepted | undefined {
  const created = createdSchema.safeParse(readJson(body)).data;
  if (created === undefined) return undefined;
  const { requestId } = created;
  return { outcome: 'accepted', requestId, operation: SEND_OPERATION, httpStatus, refusedRecipients: [] };
}

function verdictOf(status: number, error: SensError): Verdict | undefined {
  const known = BY_CODE[`${status}/${error.code}`] ?? BY_STATUS[status];
  if (known !== undefined || status !== 400 || !error.readable) return known;
  if (QUOTA.test(`${error.code} ${error.message}`)) return verdict('quota', 'moment');
  const [first, ...others] = error.fields.map((field) => BY_FIELD[field]);
  // Of several faults, one in what all share is enough.
  return [first, ...others].find((each) => each !== undefined) ?? INVALID;
}

function refused(
  answer: HttpResponse,
  { error, found, reading }: { readonly error: SensError; readonly found: Verdict; readonly reading: Reading },
): Refused {
  const now = reading.clock.now();
  const pause = pauseMs(answer, now);
  return {
    outcome: 'refused',
    operation: SEND_OPERATION,
    ...found,
    ...(pause !== undefined && { retryAfterMs: pause }),
    provider: errorWords(answer, error, reading),
    refusedRecipients: [],
  };
}

/** The vendor's words, and a hint where a wrong clock explains them. */
export function errorWords(answer: HttpResponse, error: SensError, { account, clock }: Reading) {
  const hint = answer.status === 401 ? clockHint(answer, clock.now()) : undefined;
  const message = [error.message, hint].filter(isText).join('; ') || undefined;
  return wordsOf(account, { code: error.code, message, httpStatus: answer.status });
}
