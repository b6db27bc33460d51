import {
  UnconfirmedError,
  type Accepted,
  type OutboundBatch,
  type PostponedRecipient,
  type Reason,
  type RecipientReport,
  type Refused,
  type SendOutcome,
} from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { readJson, retryAfterMs, wordsOf, type Reading, type Redact } from '@gateway/providers';
import type { z } from 'zod';
import { errorSchema, takenSchema, type TakenRecipient } from './acme.wire.js';

export const ACME = 'acme';
export const SEND_OPERATION = 'mails';

type Verdict = Pick<Refused, 'reason' | 'scope' | 'culprit'>;

/**
 * Documented refusals. `key_mismatch` and `key_in_use` are none: the vendor has a request under this key, which may be
 * this one.
 */
const VERDICTS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>(
  Object.entries({
    unauthorized: { reason: 'auth_failed', scope: 'account' },
    too_many: { reason: 'throttled', scope: 'moment' },
    all_postponed: { reason: 'throttled', scope: 'moment' },
    bad_sender: { reason: 'sender_not_verified', scope: 'message' },
    bad_request: { reason: 'provider_refused', scope: 'batch' },
    bad_recipient: { reason: 'invalid_address', scope: 'batch', culprit: 'perhaps_recipient' },
    no_recipient: { reason: 'invalid_address', scope: 'batch' },
  } satisfies Record<string, Verdict>),
);

export interface Judgement {
  readonly answer: HttpResponse;
  readonly delivery: OutboundBatch['delivery'];
  readonly by: Reading;
}

/** @throws UnconfirmedError when the answer is neither an acceptance nor a documented refusal. */
export function judgeSend(judgement: Judgement): SendOutcome {
  const { answer } = judgement;
  const body = readJson(answer.body);
  const taken = answer.status === 202 ? takenSchema.safeParse(body).data : undefined;
  if (taken !== undefined) return accepted(judgement, taken.id, taken.recipients);
  const error = answer.status >= 400 ? errorSchema.safeParse(body).data : undefined;
  return refused(judgement, error);
}

function refused({ answer, by }: Judgement, error: z.output<typeof errorSchema> | undefined): Refused {
  const { account, redact, clock } = by;
  const message = error?.text && redact(error.text);
  const words = wordsOf(account, { code: error?.code, message, httpStatus: answer.status });
  const verdict = VERDICTS.get(error?.code ?? '');
  if (verdict === undefined) throw new UnconfirmedError(`the answer (HTTP ${answer.status}) is no verdict`, words);
  const pause = retryAfterMs(answer.headers, clock.now());
  return {
    outcome: 'refused',
    operation: SEND_OPERATION,
    ...verdict,
    provider: words,
    ...(pause !== undefined && { retryAfterMs: pause }),
    refusedRecipients: refusedIn(error?.recipients ?? [], redact),
  };
}

function accepted(
  { answer, delivery, by: { redact } }: Judgement,
  requestId: string,
  all: readonly TakenRecipient[],
): Accepted {
  const later = all.filter(({ state }) => state === 'retry_later');
  const refused = refusedIn(all, redact);
  const common = { outcome: 'accepted', requestId, operation: SEND_OPERATION, httpStatus: answer.status } as const;
  const recipientIds = all.flatMap(({ email: address, id: mailId, state }) =>
    state === 'accepted' && mailId !== undefined ? [{ address, mailId }] : [],
  );
  if (later.length === 0) return { ...common, refusedRecipients: refused, recipientIds };
  // A shared mail has been sent to the others, and is not sent in parts.
  if (delivery === 'shared') {
    const refusedRecipients = [...refused, ...later.map((recipient) => refusal(recipient, 'throttled', redact))];
    return { ...common, refusedRecipients, recipientIds };
  }
  return { ...common, refusedRecipients: refused, postponedRecipients: later.map(postponement(redact)), recipientIds };
}

const refusedIn = (all: readonly TakenRecipient[], redact: Redact): readonly RecipientReport[] =>
  all.filter(({ state }) => state === 'refused').map((recipient) => refusal(recipient, 'invalid_address', redact));

const refusal = ({ email, code, text }: TakenRecipient, reason: Reason, redact: Redact): RecipientReport => ({
  address: email,
  status: 'rejected',
  reason,
  ...(code !== undefined && { code }),
  ...(text !== undefined && { message: redact(text) }),
});

const postponement =
  (redact: Redact) =>
  ({ email, code, text, retryAfterSeconds: seconds }: TakenRecipient): PostponedRecipient => ({
    address: email,
    reason: 'throttled',
    ...(code !== undefined && { code }),
    ...(text !== undefined && { message: redact(text) }),
    ...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
  });
