import type { RequestFigures } from '../../naver/statistics.js';
import type { V1Api } from '../../naver/v1/api.js';
import { pagesOf } from '../../naver/v1/pages.js';
import { requestPageSchema, requestStatusSchema } from '../../naver/v1/wire.js';
import { ncpWords } from './ncp.status.js';

/** getMailRequestList, and getMailRequestStatus of each request (ncp.md §3.4, §3.5). Only the counts of each row are kept. */
export const createNcpFigures = (api: V1Api): RequestFigures => ({
  requests: async function* ({ from, to }, signal) {
    const window = [['startUtc', from.getTime()] as const, ['endUtc', to.getTime() - 1] as const];
    const query = [...window, ['sort', 'createUtc'] as const];
    const listing = { path: '/mails/requests', query, schema: requestPageSchema };
    for await (const { content } of pagesOf(api, listing, signal)) {
      yield content.map(({ requestId, requestDate: at, requestCount: mails }) => ({ requestId, at, mails }));
    }
  },
  successes: async (requestId, signal) => {
    const path = `/mails/requests/${encodeURIComponent(requestId)}/status`;
    const { countsByStatus } = await api.get(path, [], requestStatusSchema, signal);
    return countsByStatus.reduce((sum, { status, count }) => sum + (status === ncpWords.success ? count : 0), 0);
  },
});
