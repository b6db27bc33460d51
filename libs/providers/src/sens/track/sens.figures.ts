import type { RequestFigures } from '../../naver/statistics.js';
import type { SensApi } from '../sens.api.js';
import { requestListSchema, requestSchema, type ListedRequest } from '../sens.wire.js';
import { pagesOf } from './sens.pages.js';
import { sensWords } from './sens.status.js';

/**
 * List mail requests, and get mail request of each (sens.md §3, §4). Not v1's list: no document says that it has the
 * requests of v2, while v2's was seen to have those of v1.
 */
export const createSensFigures = (api: SensApi): RequestFigures => ({
  requests: async function* ({ from, to }, signal) {
    const period = [
      ['fromDateTime', from.toISOString()],
      ['toDateTime', new Date(to.getTime() - 1).toISOString()],
    ] as const;
    const listing = {
      path: api.requestsPath(),
      query: [...period, ['sort', 'createDateTime,asc']] as const,
      schema: requestListSchema,
      idOf: ({ requestId }: ListedRequest) => requestId,
    };
    for await (const rows of pagesOf(api, listing, signal)) {
      yield rows.map(({ requestId, createDateTime: at, requestCount: mails }) => ({ requestId, at, mails }));
    }
  },
  successes: async (requestId, signal) => {
    const { data } = await api.question(api.requestsPath(requestId), [], requestSchema, signal);
    const { countsByStatus } = data;
    if (countsByStatus === undefined) return null;
    return countsByStatus.reduce((sum, { status, count }) => sum + (status === sensWords.success ? count : 0), 0);
  },
});
