import { UnconfirmedError, type Accepted, type ProviderWords, type Reason, type Refused } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { z } from 'zod';
import { readJson, wordsOf, type Reading } from '../shared/answer.js';
import { id } from '../shared/wire.js';
import { clockHint } from './apigw-signature.js';

/** Both generations call it so. */
export const SEND_OPERATION = 'createMailRequest';

/** The code and the words of an error, in whichever shape it came. */
export interface ErrorWords {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Meaning of a documented refusal. */
export type Verdict = Pick<Refused, 'reason' | 'scope' | 'culprit' | 'files'>;

export const verdict = (reason: Reason, scope: Refused['scope']): Verdict => ({ reason, scope });

/**
 * A validation error that names no field: the vendor may have refused the address, name or parameters of a single
 * recipient.
 */
export const INVALID: Verdict = { ...verdict('provider_refused', 'batch'), culprit: 'perhaps_recipient' };

/** The answer to a request over the quota is documented by neither generation, so its words count (2026-11). */
export const QUOTA = /quota/i;

/** Only the id is certain. */
const createdSchema = z.object({ requestId: id });

/** An acceptance: any 2xx with the id of a request. */
export function acceptedOf({ status, body }: HttpResponse): Accepted | undefined {
  const created = status >= 200 && status < 300 ? createdSchema.safeParse(readJson(body)).data : undefined;
  if (created === undefined) return undefined;
  const { requestId } = created;
  return { outcome: 'accepted', requestId, operation: SEND_OPERATION, httpStatus: status, refusedRecipients: [] };
}

/** A documented no to a call. */
export function refusal(
  operation: string,
  answer: HttpResponse,
  { error, found, pause }: { readonly error: ErrorWords; readonly found: Verdict; readonly pause: number | undefined },
  reading: Reading,
): Refused {
  return {
    outcome: 'refused',
    operation,
    ...found,
    ...(pause !== undefined && { retryAfterMs: pause }),
    provider: wordsAbout(answer, error, reading),
    refusedRecipients: [],
  };
}

/** Of an answer that is neither an acceptance nor a documented refusal. */
export const noVerdict = ({ status }: HttpResponse, { code, message }: ErrorWords, { account }: Reading) =>
  new UnconfirmedError(
    `the answer (HTTP ${status}) is no verdict`,
    wordsOf(account, { code, message, httpStatus: status }),
  );

/** The vendor's words, and a hint where a wrong clock explains them. */
export function wordsAbout(
  answer: HttpResponse,
  { code, message }: ErrorWords,
  { account, clock }: Reading,
): ProviderWords {
  const hint = answer.status === 401 ? clockHint(answer, clock.now()) : undefined;
  const words = [message, hint].filter((part) => part !== undefined && part !== '').join('; ') || undefined;
  return wordsOf(account, { code, message: words, httpStatus: answer.status });
}
