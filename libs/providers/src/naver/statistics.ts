import type { ProviderStatistic, ProviderStatisticGroup, ProviderStatistics } from '@gateway/core';
import { mapLimited } from '../shared/map-limited.js';
import type { SuccessMeans } from './track/words.js';

/** NAVER has no figures but those of its requests, one question each: beyond this many only the list is read. */
const ASKED_REQUESTS = 300;
const ASKED_AT_ONCE = 4;
const KOREA_MS = 9 * 3_600_000;

export interface CountedRequest {
  readonly requestId: string;
  readonly at?: Date | null | undefined;
  readonly mails?: number | null | undefined;
}

/** Requests and their counts, as one generation of the API gives them. Each question throws ProviderUnavailableError without an answer. */
export interface RequestFigures {
  requests(
    span: { readonly from: Date; readonly to: Date },
    signal: AbortSignal,
  ): AsyncIterable<readonly CountedRequest[]>;
  /** Mails of a request that succeeded; `null`: it does not say. */
  successes(requestId: string, signal: AbortSignal): Promise<number | null>;
}

interface Sums {
  requested: number;
  succeeded: number | null;
}

/** Adds up the requests of a span: the list of them, and the counters of each (ncp.md §3.4 and §3.5, sens.md §3 and §4). */
export const createStatistics = (figures: RequestFigures, success: SuccessMeans): ProviderStatistics => ({
  count: async ({ from, to, groupBy }, signal) => {
    const requests: CountedRequest[] = [];
    for await (const page of figures.requests({ from, to }, signal)) requests.push(...page);
    const succeeded =
      requests.length > ASKED_REQUESTS
        ? requests.map(() => null)
        : await mapLimited(requests, ASKED_AT_ONCE, ({ requestId }) => figures.successes(requestId, signal));
    const groups = new Map<string, Sums>();
    for (const [index, { at, mails }] of requests.entries()) {
      const group = keyOf(groupBy, at ?? from);
      const before = groups.get(group) ?? { requested: 0, succeeded: 0 };
      const more = succeeded[index] ?? null;
      groups.set(group, {
        requested: before.requested + (mails ?? 0),
        succeeded: before.succeeded === null || more === null ? null : before.succeeded + more,
      });
    }
    return [...groups].map(([key, { requested, succeeded: sent }]): ProviderStatistic => ({
      key,
      requested,
      sent,
      delivered: success === 'delivered' ? sent : null,
      opened: null,
    }));
  },
});

function keyOf(groupBy: ProviderStatisticGroup, at: Date): string {
  const local = new Date(at.getTime() + KOREA_MS);
  if (groupBy === 'weekday') return String(((local.getUTCDay() + 6) % 7) + 1);
  const text = local.toISOString();
  return groupBy === 'date' ? text.slice(0, 10) : text.slice(11, 13);
}
