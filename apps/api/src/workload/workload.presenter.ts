import { categories, type Category } from '@gateway/core';
import type { AttemptsOfMinute, BatchGroup, LanePace, WebhookStates, Workload } from '@gateway/database';
import type { Waiting } from '@gateway/delivery';

/** Everything that is asked of the database for one answer. */
export interface Look {
  readonly readAt: Date;
  readonly work: Workload;
  readonly pace: readonly LanePace[];
  readonly minutes: readonly AttemptsOfMinute[];
  readonly webhooks: WebhookStates;
}

export interface AccountFacts {
  readonly name: string;
  readonly limits: { readonly requestsPerSecond?: number; readonly recipientsPerSecond?: number };
  readonly waiting: Waiting | undefined;
}

export const presentWorkload = (look: Look, accounts: readonly AccountFacts[]) => ({
  readAt: look.readAt.toISOString(),
  accounts: accounts.map((account) => presentAccount(look, account)),
  minutes: presentMinutes(look.minutes),
  webhooks: look.webhooks,
  audienceLagSeconds: Math.max(0, look.work.audienceSeconds),
});

const secondsOf = (lags: Workload['polls'], name: string): number =>
  Math.max(0, lags.find(({ provider }) => provider === name)?.seconds ?? 0);

function presentAccount({ work, pace }: Look, { name, limits, waiting }: AccountFacts) {
  const groups = work.batches.filter(({ provider }) => provider === name);
  return {
    name,
    limits: {
      requestsPerSecond: limits.requestsPerSecond ?? null,
      recipientsPerSecond: limits.recipientsPerSecond ?? null,
    },
    waiting:
      waiting === undefined
        ? null
        : {
            account: waiting.account,
            reason: waiting.reason,
            detail: waiting.detail,
            since: waiting.since?.toISOString() ?? null,
            until: waiting.until?.toISOString() ?? null,
          },
    unconfirmedSeconds: secondsOf(work.unconfirmed, name),
    pollLagSeconds: secondsOf(work.polls, name),
    endedLeases: groups.reduce((sum, { leasesEnded }) => sum + leasesEnded, 0),
    lanes: categories.map((category) =>
      presentLane(
        category,
        groups.filter((group) => group.category === category),
        pace.find((each) => each.provider === name && each.category === category),
      ),
    ),
  };
}

function presentLane(category: Category, groups: readonly BatchGroup[], pace: LanePace | undefined) {
  const batches: Record<string, number> = {};
  const reasons: Record<string, number> = {};
  for (const { status, reason, count } of groups) {
    batches[status] = (batches[status] ?? 0) + count;
    if (reason !== null) reasons[reason] = (reasons[reason] ?? 0) + count;
  }
  const waiting = groups.filter(({ status }) => status !== 'unconfirmed');
  return {
    category,
    batches,
    reasons,
    oldestDueSeconds: waiting.reduce((longest, { dueSeconds }) => Math.max(longest, dueSeconds), 0),
    lastMinute: { requests: pace?.requests ?? 0, recipients: pace?.recipients ?? 0 },
  };
}

/** One entry for each minute in which something was posted. */
function presentMinutes(minutes: readonly AttemptsOfMinute[]) {
  const byMinute = Map.groupBy(minutes, ({ minute }) => minute.toISOString());
  return [...byMinute].map(([at, all]) => ({
    at,
    accounts: Object.fromEntries(
      [...Map.groupBy(all, ({ provider }) => provider)].map(([name, outcomes]) => [
        name,
        Object.fromEntries(outcomes.map(({ outcome, count }) => [outcome, count])),
      ]),
    ),
  }));
}
