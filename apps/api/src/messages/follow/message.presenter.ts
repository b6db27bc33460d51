import {
  encodeId,
  messageStatusOf,
  recipientStatuses,
  timedBatchStatuses,
  withheldOf,
  type RecipientCounts,
  type ResolvedAudience,
} from '@gateway/core';
import type {
  BatchDetail,
  HeldMessage,
  MessageBatches,
  MessageDetail,
  MessageSummary,
  NewMessage,
  RecipientStateRow,
} from '@gateway/database';
import type { Cancellation, FirstAnswer, Waiting } from '@gateway/delivery';
import { isFinal } from '@gateway/core';
import type { MessagePlace } from './message-places.js';
import {
  countsNow,
  deferring,
  routedTo,
  waitingOf,
  type AccountsNow,
  type QueuedByAccount,
} from './waiting-accounts.js';

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

/** Every status has its number, so that a reader need not guess what an absent one means. */
const allCounts = (counts: RecipientCounts): Record<string, number> =>
  Object.fromEntries(recipientStatuses.map((status) => [status, counts[status] ?? 0]));

type CommonFields = Pick<
  MessageSummary,
  | ('category' | 'delivery' | 'requestedProvider' | 'fromAddress' | 'fromName' | 'subject' | 'withheld')
  | ('recipientCount' | 'suppressedCount' | 'batchCount' | 'createdAt' | 'sendAt')
> & {
  readonly id: string;
  readonly redriveOf: string | null;
  readonly templateId: string | null;
  readonly templateVersion: number | null;
  readonly providerTemplateId: string | null;
  readonly audience: unknown;
  readonly routing: unknown;
  readonly metadata: unknown;
  readonly tags: readonly string[];
  readonly warnings: readonly string[];
};

interface State {
  readonly status: string;
  readonly counts: RecipientCounts;
  readonly waiting: Waiting | undefined;
}

function common(m: CommonFields, state: State) {
  return {
    id: encodeId('message', m.id),
    status: state.status,
    category: m.category,
    delivery: m.delivery,
    provider: m.requestedProvider,
    routing: m.routing,
    from: { address: m.fromAddress, ...(m.fromName !== null && { name: m.fromName }) },
    subject: m.subject,
    contentWithheld: m.withheld,
    template: presentTemplate(m),
    audience: expressionOf(m.audience),
    tags: m.tags,
    metadata: m.metadata,
    recipientCount: m.recipientCount,
    suppressedCount: m.suppressedCount,
    batchCount: m.batchCount,
    counts: allCounts(state.counts),
    waiting: presentWaiting(state.waiting),
    createdAt: m.createdAt.toISOString(),
    sendAt: time(m.sendAt),
    warnings: m.warnings,
    redriveOf: m.redriveOf === null ? null : encodeId('message', m.redriveOf),
  };
}

function presentWaiting(waiting: Waiting | undefined) {
  if (waiting === undefined) return null;
  const { account, reason, detail, since, until } = waiting;
  return { account, reason, detail, since: time(since), until: time(until) };
}

/** Where the texts came from. A provider's own template is the provider's whose account got the message. */
function presentTemplate({ templateId, templateVersion, providerTemplateId, requestedProvider }: CommonFields) {
  if (providerTemplateId !== null) return { provider: requestedProvider, providerTemplateId };
  return templateId === null ? null : { id: encodeId('template', templateId), version: templateVersion };
}

/** As the caller gave it; the ids of its groups are the gateway's own business. */
const expressionOf = (audience: unknown): unknown => (audience as ResolvedAudience | null)?.expression ?? null;

/** The answer to an accepted message. */
export function acceptedAnswer(message: NewMessage, waiting: Waiting | undefined): FirstAnswer {
  const why = message.sendAt === null && !message.hold ? waiting : undefined;
  const withheld = withheldOf(message.category);
  const subject = withheld === null ? message.subject : null;
  const body = common(
    { ...message, subject, withheld },
    {
      status: message.expansion ?? messageStatusOf(message.counts),
      counts: why?.stopped === true ? deferring(message.counts, message.recipientCount) : message.counts,
      waiting: why,
    },
  );
  return {
    status: 202,
    headers: { location: `/v1/messages/${body.id}` },
    body: JSON.stringify(body),
    kept: JSON.stringify({ ...body, subject: null }),
  };
}

/** Facts about a message that are not in its row. */
export interface Beside extends MessagePlace {
  /** The address of its first recipient, as it is stored; none: there are no recipients, or not yet. */
  readonly to: string | undefined;
}

export const presentSummary = (message: MessageSummary, now: AccountsNow, { to, ...place }: Beside) => ({
  ...common(message, stateOf(message, now, place)),
  to: to === undefined || message.erasedAt !== null ? null : shownAddress(to),
  ...(message.erasedAt !== null && { subject: null, contentWithheld: null }),
  completedAt: time(message.completedAt),
  releasedAt: time(message.releasedAt),
  erasedAt: time(message.erasedAt),
});

function stateOf({ status, counts, routing }: MessageSummary, now: AccountsNow, place: MessagePlace): State {
  const all = counts as RecipientCounts;
  const { account } = routedTo(routing);
  const queued = place.queued ?? new Map([[account, all.queued ?? 0]]);
  const waiting = waitingOf(all, { queued, account }, now) ?? place.deferred;
  return { status, counts: countsNow(all, queued, now), waiting };
}

export const presentDetail = (message: MessageDetail, now: AccountsNow, beside: Beside) => ({
  ...presentSummary(message, now, { ...beside, queued: queuedBy(message.batches) }),
  html: message.html,
  text: message.text,
  attachments: message.attachmentIds.map((id) => encodeId('attachment', id)),
  batches: batchesByStatus(message.batches, now),
});

const queuedBy = (batches: readonly MessageBatches[]): QueuedByAccount =>
  new Map(batches.filter(({ status }) => status === 'queued').map((group) => [group.provider, group.followers]));

function batchesByStatus(groups: readonly MessageBatches[], now: AccountsNow): Record<string, number> {
  const byStatus: Record<string, number> = {};
  for (const group of groups) {
    const status = shownStatus(group, now);
    byStatus[status] = (byStatus[status] ?? 0) + group.batches;
  }
  return byStatus;
}

/** A batch that is queued at an account that sends nothing now is shown as deferred. */
const shownStatus = ({ status, provider }: Pick<MessageBatches, 'status' | 'provider'>, now: AccountsNow) =>
  status === 'queued' && now.waiting(provider)?.stopped === true ? 'deferred' : status;

/** An erased address keeps `@` and its domain only, for the statistics. */
const shownAddress = (address: string): string | null => (address.startsWith('@') ? null : address);

export const presentRecipient = (row: RecipientStateRow, now: AccountsNow) => ({
  messageId: encodeId('message', row.messageId),
  position: row.position,
  address: shownAddress(row.address),
  name: row.name,
  type: row.type,
  status: row.status,
  final: isFinal(row.status),
  reason: (row.stopped && row.provider !== null && now.waiting(row.provider)?.reason) || row.reason,
  bounceType: row.bounceType,
  provider: {
    name: row.provider,
    requestId: row.requestId,
    mailId: row.mailId,
    code: row.providerCode,
    message: row.providerMessage,
  },
  updatedAt: row.updatedAt.toISOString(),
  deliveredAt: time(row.deliveredAt),
  openedAt: time(row.openedAt),
});

/** A batch of a closed account says what the account says. */
export function presentBatch(batch: BatchDetail, now: AccountsNow) {
  const why = batch.status === 'queued' ? now.waiting(batch.provider) : undefined;
  if (why === undefined) return presentPlain(batch);
  const nextAttemptAt = time(why.until ?? batch.nextAttemptAt);
  return {
    ...presentPlain(batch),
    status: shownStatus(batch, now),
    reason: why.reason,
    detail: why.detail,
    nextAttemptAt,
  };
}

const presentPlain = (batch: BatchDetail) => ({
  id: encodeId('batch', batch.id),
  parentId: batch.parentId === null ? null : encodeId('batch', batch.parentId),
  provider: batch.provider,
  operation: batch.operation,
  status: batch.status,
  positionFrom: batch.positionFrom,
  positionTo: batch.positionTo,
  recipientCount: batch.recipientCount,
  reason: batch.reason,
  detail: batch.reasonDetail,
  attempts: batch.attempts.map((attempt) => ({
    number: attempt.number,
    startedAt: attempt.startedAt.toISOString(),
    finishedAt: time(attempt.finishedAt),
    outcome: attempt.outcome,
    httpStatus: attempt.httpStatus,
    providerCode: attempt.providerCode,
    providerMessage: attempt.providerMessage,
    detail: attempt.detail,
  })),
  providerRequestId: batch.providerRequestId,
  nextAttemptAt: isTimed(batch.status) ? batch.nextAttemptAt.toISOString() : null,
  nextPollAt: time(batch.nextPollAt),
});

const isTimed = (status: string): boolean => (timedBatchStatuses as readonly string[]).includes(status);

export const presentCancellation = ({ cancelled, tooLate }: Cancellation) => ({ cancelled, tooLate });

/** Without texts: the answer is stored with its Idempotency-Key, and would outlive them. */
export const presentRelease = ({ id, status, sendAt, releasedAt }: HeldMessage) => ({
  id: encodeId('message', id),
  status,
  sendAt: time(sendAt),
  releasedAt: time(releasedAt),
});
