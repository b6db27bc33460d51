import {
  UnreadablePushError,
  type ProviderEvents,
  type Push,
  type PushedReport,
  type Reason,
  type RecipientReport,
} from '@gateway/core';
import type { Clock } from '@gateway/platform';
import { readJson } from '@gateway/providers';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { SEND_OPERATION } from './acme.errors.js';
import { pushSchema, type AcmeEvent } from './acme.wire.js';

/** Maximum age of a push in milliseconds: an older one may be a replay. */
const TOLERANCE_MS = 5 * 60_000;

/** Pushes are signed as `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`. */
export const acmeEvents = (secret: string, clock: Clock): ProviderEvents => ({
  read: (push) => {
    if (!isSigned(push, secret, clock.now()))
      throw new UnreadablePushError('the signature is missing, wrong or too old');
    const read = pushSchema.safeParse(readJson(push.body));
    if (!read.success) throw new UnreadablePushError('the body is no push');
    return { authentic: true, reports: read.data.events.map(toReport) };
  },
});

function isSigned({ headers, body }: Push, secret: string, now: Date): boolean {
  const [, seconds = '', given = ''] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(headers['acme-signature'] ?? '') ?? [];
  if (given === '' || Math.abs(now.getTime() - Number(seconds) * 1000) > TOLERANCE_MS) return false;
  const expected = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(given, 'hex'));
}

const toReport = (event: AcmeEvent): PushedReport => ({
  request: { requestId: event.request, operation: SEND_OPERATION },
  marker: event.key,
  report: { address: event.email, mailId: event.id, ...stateOf(event) },
});

type State = Omit<RecipientReport, 'address' | 'mailId'>;

const STATES: ReadonlyMap<string, (event: AcmeEvent) => State> = new Map<string, (event: AcmeEvent) => State>(
  Object.entries({
    sending: () => ({ status: 'sending' }),
    sent: () => ({ status: 'sent' }),
    delivered: ({ at }) => ({ status: 'delivered', deliveredAt: new Date(at) }),
    opened: ({ at }) => ({ status: 'delivered', openedAt: new Date(at) }),
    unsubscribed: () => ({ status: 'unsubscribed', reason: 'recipient_opted_out' }),
    failed: (event) => ({ status: 'failed', reason: 'unknown', ...wordsOf(event) }),
    bounced: (event) => ({
      status: 'bounced',
      reason: REASONS.get(event.cause ?? '') ?? 'unknown',
      bounceType: event.permanent === true ? 'hard' : 'soft',
      ...wordsOf(event),
    }),
  } satisfies Record<string, (event: AcmeEvent) => State>),
);

const stateOf = (event: AcmeEvent): State => STATES.get(event.state)?.(event) ?? { unknownStatus: event.state };

const REASONS: ReadonlyMap<string, Reason> = new Map([
  ['no_such_user', 'unknown_user'],
  ['full', 'mailbox_full'],
]);

const wordsOf = ({ cause, text }: AcmeEvent): Pick<RecipientReport, 'code' | 'message'> => ({
  ...(cause !== undefined && { code: cause }),
  ...(text !== undefined && { message: text }),
});
