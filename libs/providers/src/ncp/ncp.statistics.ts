import type { ProviderStatistic, ProviderStatisticGroup, ProviderStatistics } from '@gateway/core';
import { mapLimited } from '../shared/map-limited.js';
import type { NcpApi } from './ncp.api.js';
import type { NcpSettings } from './ncp.config.js';
import { pagesOf } from './track/ncp.pages.js';
import { requestPageSchema, requestStatusSchema, type ListedRequest } from './ncp.wire.js';

/** NCP has no figures but those of its requests, one question each: beyond this many only the list is read. */
const ASKED_REQUESTS = 300;
const ASKED_AT_ONCE = 4;
const KOREA_MS = 9 * 3_600_000;

interface Sums {
  requested: number;
  succeeded: number | null;
}

/** getMailRequestList, and getMailRequestStatus of each request (ncp.md §3.4, §3.5). */
export const createNcpStatistics = (
  api: NcpApi,
  { successMeans }: Pick<NcpSettings, 'successMeans'>,
): ProviderStatistics => ({
  count: async ({ from, to, groupBy }, signal) => {
    const requests = await listRequests(api, from, to, signal);
    const succeeded =
      requests.length > ASKED_REQUESTS
        ? requests.map(() => null)
        : await mapLimited(requests, ASKED_AT_ONCE, ({ requestId }) => successesOf(api, requestId, signal));
    const groups = new Map<string, Sums>();
    for (const [index, { requestDate, requestCount }] of requests.entries()) {
      const group = keyOf(groupBy, requestDate ?? from);
      const before = groups.get(group) ?? { requested: 0, succeeded: 0 };
      const more = succeeded[index] ?? null;
      groups.set(group, {
        requested: before.requested + (requestCount ?? 0),
        succeeded: before.succeeded === null || more === null ? null : before.succeeded + more,
      });
    }
    return [...groups].map(([key, { requested, succeeded: sent }]): ProviderStatistic => ({
      key,
      requested,
      sent,
      delivered: successMeans === 'delivered' ? sent : null,
      opened: null,
    }));
  },
});

type CountedRequest = Pick<ListedRequest, 'requestId' | 'requestDate' | 'requestCount'>;

/** Only the counts of each row are kept. */
async function listRequests(api: NcpApi, from: Date, to: Date, signal: AbortSignal): Promise<CountedRequest[]> {
  const window = [['startUtc', from.getTime()] as const, ['endUtc', to.getTime() - 1] as const];
  const listing = {
    path: '/mails/requests',
    query: [...window, ['sort', 'createUtc'] as const],
    schema: requestPageSchema,
  };
  const found: CountedRequest[] = [];
  for await (const { content } of pagesOf(api, listing, signal)) {
    for (const { requestId, requestDate, requestCount } of content)
      found.push({ requestId, requestDate, requestCount });
  }
  return found;
}

async function successesOf(api: NcpApi, requestId: string, signal: AbortSignal): Promise<number> {
  const path = `/mails/requests/${encodeURIComponent(requestId)}/status`;
  const { countsByStatus } = await api.get(path, [], requestStatusSchema, signal);
  return countsByStatus.reduce((sum, { status, count }) => sum + (status === 'S' ? count : 0), 0);
}

function keyOf(groupBy: ProviderStatisticGroup, at: Date): string {
  const local = new Date(at.getTime() + KOREA_MS);
  if (groupBy === 'weekday') return String(((local.getUTCDay() + 6) % 7) + 1);
  const text = local.toISOString();
  return groupBy === 'date' ? text.slice(0, 10) : text.slice(11, 13);
}
