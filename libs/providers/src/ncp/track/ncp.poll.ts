import type { RequestReader } from '../../naver/track/poll.js';
import { countsText, type Standing } from '../../naver/track/walk-plan.js';
import { isPreparing, isSilent, needsDetail, type SuccessMeans } from '../../naver/track/words.js';
import type { V1Api } from '../../naver/v1/api.js';
import { explainBlock } from '../../naver/v1/lists/send-block.js';
import { pagesOf } from '../../naver/v1/pages.js';
import { mailDetailSchema, mailPageSchema, requestStatusSchema, type RequestStatus } from '../../naver/v1/wire.js';
import { ncpWords } from './ncp.status.js';

/** Counters (ncp.md §3.5), pages of mails (§3.3) and details (§3.2) of v1. */
export const createNcpReader = (api: V1Api, success: SuccessMeans, signal: AbortSignal): RequestReader => ({
  words: ncpWords,
  success,
  now: () => api.clock.now(),
  standing: async (requestId) => {
    const status = await api.get(`${pathOf(requestId)}/status`, [], requestStatusSchema, signal);
    return { standing: standingOf(status) };
  },
  mails: async function* (requestId) {
    const listing = { path: `${pathOf(requestId)}/mails`, query: [['sort', 'id']], schema: mailPageSchema } as const;
    for await (const { content } of pagesOf(api, listing, signal)) {
      yield content.map(({ emailStatus, sendDate, ...mail }) => ({
        ...mail,
        status: emailStatus ?? 'P',
        sentAt: sendDate,
      }));
    }
  },
  detail: async (_requestId, mailId) => {
    const detail = await api.get(`/mails/${encodeURIComponent(mailId)}`, [], mailDetailSchema, signal);
    return detail && { status: detail.emailStatus, sentAt: detail.sendDate, recipients: detail.recipients };
  },
  explained: (report) => explainBlock(api, report, signal),
});

const pathOf = (requestId: string): string => `/mails/requests/${encodeURIComponent(requestId)}`;

function standingOf({ readyCompleted, requestCount, finishCount, countsByStatus }: RequestStatus): Standing {
  const over = readyCompleted && requestCount > 0 && finishCount >= requestCount;
  const news = countsText(countsByStatus.filter(({ status }) => !isSilent(ncpWords, status)));
  return {
    begun: countsText(countsByStatus.filter(({ status }) => !isPreparing(ncpWords, status))) !== '',
    prepared: readyCompleted,
    mails: requestCount,
    counts: countsText(countsByStatus),
    news: `${news}${over ? ' finished' : ''}`,
    finished: finishCount,
    failures: countsByStatus
      .filter(({ status }) => needsDetail(ncpWords, status))
      .reduce((sum, { count }) => sum + count, 0),
    over,
  };
}
