import type { BatchStatus, Reason, RecipientCounts } from '@gateway/core';
import type { AlikeBatches, MessageDetail } from '@gateway/database';
import type { Waiting } from '../../accounts/waiting.js';
import type { Cause, Facts, Finding } from './finding.js';
import { isOver, lost, reasonOf, stepsOn } from './losses.js';
import { amount, countsOf, done, pathOf, people, wordsOf } from './words.js';

/** @param group none while the recipients of its audience are not known. */
export const heldMessage = (message: MessageDetail, group?: AlikeBatches): Finding => ({
  waitsFor: 'release',
  since: message.createdAt,
  cause: {
    code: 'release',
    detail: `${group === undefined ? 'its audience' : amount(group)} held until the message is released`,
    ...(group && countsOf(group)),
  },
  steps: [`To let it go: POST ${pathOf(message)}/release. To stop it: POST ${pathOf(message)}/cancel.`],
});

export const dueTime = (message: MessageDetail, sendAt: Date): Finding => ({
  waitsFor: 'due_time',
  since: message.createdAt,
  until: sendAt,
  cause: { code: 'due_time', detail: `it is to be sent at ${sendAt.toISOString()}` },
  steps: [`To stop it before that: POST ${pathOf(message)}/cancel.`],
});

/** Steps when no worker takes due mail. */
export const NO_WORKER = ['Check that a worker is running and that it serves this category (WORKER_LANES).'];

/** A worker takes due mail at once; after this something is wrong. */
const PATIENCE_MS = 30_000;

type Explain = (group: AlikeBatches, facts: Facts) => readonly Finding[];

/** Explains batches by their status. */
export const explanations: Readonly<Record<BatchStatus, Explain>> = {
  held: (group, { message }) => [heldMessage(message, group)],
  scheduled: (group, { message }) => [dueTime(message, message.sendAt ?? group.dueAt)],
  queued: (group, facts) => [queued(group, facts)],
  deferred: (group, facts) => [deferred(group, facts)],
  dispatching: (group) => [underDispatch(group)],
  unconfirmed: (group) => [unconfirmed(group)],
  submitted: underWay,
  sending: underWay,
  settled: (group, facts) => receipts(group, facts),
  failed: (group, { message }) => [lost({ ...group, status: 'failed' }, message, group.recipients)],
  expired: (group, { message }) => [lost({ ...group, status: 'expired' }, message, group.recipients)],
  cancelled: (group) => [{ cause: cancelled(group), steps: [] }],
  replanned: () => [],
};

const cancelled = (group: AlikeBatches): Cause => ({
  code: 'cancelled_by_caller',
  detail: `${amount(group)} cancelled`,
  ...countsOf(group),
});

const underDispatch = (group: AlikeBatches): Finding => ({
  waitsFor: 'answer',
  since: group.postedAt,
  cause: {
    code: 'answer',
    detail: `a request for ${amount(group)} is with ${group.provider}, which has not answered yet`,
    provider: { name: group.provider },
    ...countsOf(group),
  },
  steps: [],
});

function queued(group: AlikeBatches, { waiting, now }: Facts): Finding {
  const why = waiting(group.provider);
  if (why !== undefined) return heldByAccount(group, why);
  const late = now.getTime() - group.nextAttemptAt.getTime() > PATIENCE_MS;
  const detail = late
    ? `${amount(group)} due since ${group.nextAttemptAt.toISOString()}, and no worker has taken them`
    : `${amount(group)} due and in the queue of ${group.provider}`;
  return {
    waitsFor: 'worker',
    since: group.nextAttemptAt < now ? group.nextAttemptAt : group.dueAt,
    cause: { code: 'worker', detail, provider: { name: group.provider }, ...countsOf(group) },
    steps: late ? NO_WORKER : [],
  };
}

const heldByAccount = (group: AlikeBatches, { account, reason, detail, since, until }: Waiting): Finding => ({
  waitsFor: 'account',
  since,
  until,
  cause: {
    code: reason,
    detail: `${amount(group)} waiting at ${account}: ${detail}`,
    provider: { name: account },
    ...countsOf(group),
  },
  steps: stepsAtAccount(account, reason, until),
});

function stepsAtAccount(account: string, reason: Reason, until: Date | null): readonly string[] {
  if (until === null) return [`To let its mail go on: POST /v1/providers/${account}/resume.`];
  if (reason === 'quota')
    return ['Wait for the next period, raise the quota of the account, or send through another one.'];
  return [`It is tried again by itself. GET /v1/providers shows the health of ${account}.`];
}

function deferred(group: AlikeBatches, { waiting }: Facts): Finding {
  const why = waiting(group.provider);
  if (why !== undefined) return heldByAccount(group, why);
  const { reason, detail } = group;
  return {
    waitsFor: 'retry',
    since: group.dueAt,
    until: group.nextAttemptAt,
    cause: {
      code: reasonOf(reason),
      detail: `${amount(group)} to be tried again at ${group.nextAttemptAt.toISOString()}${detail === null ? '' : `: ${detail}`}`,
      provider: wordsOf(group),
      ...countsOf(group),
    },
    steps: stepsOn(reason),
  };
}

const unconfirmed = (group: AlikeBatches): Finding => ({
  waitsFor: 'look_up',
  since: group.postedAt,
  until: group.nextAttemptAt,
  cause: {
    code: 'look_up',
    detail:
      `${amount(group)} in a request that ${group.provider} did not answer. It ${done('looked up', group.lookups)}. ` +
      'It is sent again only when the provider certainly does not have it',
    provider: wordsOf(group),
    ...countsOf(group),
  },
  steps: [],
});

function underWay(group: AlikeBatches, facts: Facts): readonly Finding[] {
  // A batch is followed until each recipient has a final status; a message is over earlier.
  if (isOver(facts.message)) return receipts(group, facts);
  const detail = `${amount(group)} accepted by ${group.provider}, which is asked for the states`;
  return [
    {
      waitsFor: 'provider',
      since: group.submittedAt,
      until: group.nextPollAt,
      cause: { code: 'provider', detail, provider: { name: group.provider }, ...countsOf(group) },
      steps: [],
    },
  ];
}

/** Mail that was handed over without proof. */
function receipts(group: AlikeBatches, { message }: Facts): readonly Finding[] {
  const sent = (message.counts as RecipientCounts).sent ?? 0;
  if (sent === 0 || group.nextPollAt === null) return [];
  const detail = `${people(sent)} sent to, without a receipt so far; ${group.provider} is asked for it`;
  return [
    {
      waitsFor: 'receipt',
      since: group.submittedAt,
      until: group.nextPollAt,
      cause: { code: 'receipt', detail, provider: { name: group.provider }, recipients: sent },
      steps: [],
    },
  ];
}
