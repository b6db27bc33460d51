import {
  UnconfirmedError,
  type ProviderWords,
  type RecipientReport,
  type Refused,
  type SendOutcome,
} from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { readJson, retryAfterMs, wordsOf, type Reading, type Redact } from '../shared/answer.js';
import { ABOUT_RECEIVER, FILE_GONE, OK, PARTLY, verdictOf, type Verdict } from './nhn.codes.js';
import { envelopeSchema, sentSchema, type Envelope, type ReceiverResult } from './nhn.wire.js';

export const NHN = 'nhn';

/** The envelope, whatever the HTTP status (nhn.md §2.3); `undefined` when there is none. */
export const readEnvelope = (answer: HttpResponse): Envelope | undefined =>
  envelopeSchema.safeParse(readJson(answer.body)).data;

/** NHN's words: its result code and message. */
export function envelopeWords(
  answer: HttpResponse,
  envelope: Envelope | undefined,
  { account, redact }: Pick<Reading, 'account' | 'redact'>,
): ProviderWords {
  const code = envelope === undefined ? undefined : String(envelope.header.resultCode);
  const message = envelope?.header.resultMessage;
  return wordsOf(account, { code, message: message ? redact(message) : undefined, httpStatus: answer.status });
}

export interface Judgement {
  readonly answer: HttpResponse;
  readonly operation: string;
  readonly by: Reading;
}

/**
 * Judges the answer to a send on all three levels: `isSuccessful`, `resultCode`, each receiver's `resultCode`.
 * @throws UnconfirmedError when it is neither an acceptance nor a documented refusal.
 */
export function judgeSend(judgement: Judgement): SendOutcome {
  const { answer } = judgement;
  const refusal = refusalOf(judgement);
  if (refusal !== undefined) return refusal;
  const envelope = readEnvelope(answer);
  const taken = envelope === undefined ? undefined : readTaken(judgement, envelope);
  if (taken !== undefined) return taken;
  const words = envelopeWords(answer, envelope, judgement.by);
  throw new UnconfirmedError(`the answer (HTTP ${answer.status}) is no verdict`, words);
}

/** A documented no to any call; `undefined`: the answer is none. */
export function refusalOf(judgement: Judgement): Refused | undefined {
  const envelope = readEnvelope(judgement.answer);
  const found = judgement.answer.status === 429 ? THROTTLED : definiteNo(envelope);
  if (found === undefined) return undefined;
  const gone = envelope !== undefined && FILE_GONE.has(envelope.header.resultCode);
  const aboutReceiver = envelope !== undefined && ABOUT_RECEIVER.has(envelope.header.resultCode);
  return {
    ...refused(judgement, found, envelope),
    ...(gone && { files: 'gone' }),
    ...(found.scope === 'batch' && aboutReceiver && { culprit: 'perhaps_recipient' }),
  };
}

const THROTTLED: Verdict = { reason: 'throttled', scope: 'moment' };

const definiteNo = (envelope: Envelope | undefined): Verdict | undefined =>
  envelope === undefined || envelope.header.isSuccessful ? undefined : verdictOf(envelope.header.resultCode);

function readTaken(judgement: Judgement, envelope: Envelope): SendOutcome | undefined {
  const { isSuccessful, resultCode } = envelope.header;
  if (!isSuccessful || (resultCode !== OK && resultCode !== PARTLY)) return undefined;
  const sent = sentSchema.safeParse(envelope.body).data?.data;
  if (sent === undefined || !sent.requestId) return undefined;
  // 2026-11, §4.5: in the older answer of auth-mail `N` means that preparing it failed.
  if (sent.statusCode === 'N') return refused(judgement, PREPARATION_FAILED, envelope);
  return {
    outcome: 'accepted',
    requestId: sent.requestId,
    operation: judgement.operation,
    httpStatus: judgement.answer.status,
    refusedRecipients: refusedRecipients(sent.results ?? [], judgement.by.redact),
  };
}

const PREPARATION_FAILED: Verdict = { reason: 'provider_refused', scope: 'batch' };

function refused(judgement: Judgement, { reason, scope }: Verdict, envelope: Envelope | undefined): Refused {
  const { answer, by } = judgement;
  const pause = retryAfterMs(answer.headers, by.clock.now());
  const results = sentSchema.safeParse(envelope?.body).data?.data.results ?? [];
  return {
    outcome: 'refused',
    operation: judgement.operation,
    reason,
    scope,
    ...(pause !== undefined && { retryAfterMs: pause }),
    provider: envelopeWords(answer, envelope, by),
    refusedRecipients: refusedRecipients(results, by.redact),
  };
}

/** Receivers that NHN did not take. A code that the documents do not list is a no as well: only 0 is taken (§2.9). */
const refusedRecipients = (results: readonly ReceiverResult[], redact: Redact): readonly RecipientReport[] =>
  results
    .filter(({ receiveMailAddr, resultCode }) => receiveMailAddr !== '' && resultCode !== OK)
    .map(({ receiveMailAddr, resultCode, resultMessage }) => ({
      address: receiveMailAddr,
      status: 'rejected',
      reason: verdictOf(resultCode)?.reason ?? 'provider_refused',
      code: String(resultCode),
      ...(resultMessage && { message: redact(resultMessage) }),
    }));
