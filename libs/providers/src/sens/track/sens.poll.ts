import type { RequestReader } from '../../naver/track/poll.js';
import { countsText, type Standing } from '../../naver/track/walk-plan.js';
import { isPreparing, isSilent, needsDetail, type SuccessMeans } from '../../naver/track/words.js';
import { UNREADABLE } from '../../naver/wire.js';
import type { SensApi } from '../sens.api.js';
import { mailDetailSchema, mailListSchema, requestSchema, type ListedMail, type RequestAnswer } from '../sens.wire.js';
import { pagesOf } from './sens.pages.js';
import { isTerminal, sensWords } from './sens.status.js';

/** Counters (sens.md §3), pages of mails (§5) and details (§6) of v2. */
export const createSensReader = (api: SensApi, success: SuccessMeans, signal: AbortSignal): RequestReader => ({
  words: sensWords,
  success,
  now: () => api.clock.now(),
  standing: async (requestId) => {
    const { data, ...pause } = await api.question(api.requestsPath(requestId), [], requestSchema, signal);
    return { standing: standingOf(data), ...pause };
  },
  mails: async function* (requestId) {
    const listing = {
      path: api.requestsPath(requestId, 'mails'),
      query: [['sort', 'mailId,asc']],
      schema: mailListSchema,
      idOf: ({ mailId }: ListedMail) => mailId,
    } as const;
    for await (const mails of pagesOf(api, listing, signal)) {
      yield mails.map(({ emailStatus, status = emailStatus ?? UNREADABLE, sendDateTime: sentAt, ...mail }) => ({
        ...mail,
        status,
        sentAt,
      }));
    }
  },
  detail: async (requestId, mailId) => {
    const path = api.requestsPath(requestId, 'mails', mailId);
    const { data: detail } = await api.question(path, [], mailDetailSchema, signal);
    if (detail === undefined) return undefined;
    const { status = detail.emailStatus, sendDateTime: sentAt, recipients } = detail;
    return { status, sentAt, recipients };
  },
});

/** A request at one moment, whichever of the members that are not documented in full its answer has. */
function standingOf(answer: RequestAnswer): Standing {
  const counts = (answer.countsByStatus ?? []).filter(({ count }) => count > 0);
  const status = answer.status ?? statusOfV1(answer);
  const ended = counts.filter((each) => !isSilent(sensWords, each.status));
  const finished = answer.finishCount ?? ended.reduce((sum, { count }) => sum + count, 0);
  const over = isTerminal(status);
  return {
    begun: !isPreparing(sensWords, status) || ended.length > 0,
    prepared: !UNPREPARED.has(status),
    mails: answer.requestCount,
    counts: `${status} ${countsText(counts)} ${finished}`,
    news: hasNews(status, finished, ended) ? `${over ? status : ''} ${countsText(ended)} ${finished}`.trim() : '',
    finished,
    failures: failuresIn(answer.countsByStatus) ?? finished,
    over,
  };
}

/** The mails of such a request may not all be listed yet. */
const UNPREPARED: ReadonlySet<string> = new Set(['PREPARING', 'RESERVED']);

/** Without counts by status, that of the whole and the number of finished mails are all there is to go by. */
const hasNews = (status: string, finished: number, ended: readonly unknown[]): boolean =>
  !isSilent(sensWords, status) || finished > 0 || ended.length > 0;

/** @returns `undefined` where SENS does not say how many failed: any mail that has ended may have. */
const failuresIn = (counts: RequestAnswer['countsByStatus']): number | undefined =>
  counts?.filter(({ status }) => needsDetail(sensWords, status)).reduce((sum, { count }) => sum + count, 0);

const statusOfV1 = ({ readyCompleted, requestCount, finishCount }: RequestAnswer): string => {
  if (readyCompleted !== true) return 'PREPARING';
  return (requestCount ?? 0) > 0 && (finishCount ?? 0) >= (requestCount ?? 0) ? 'COMPLETED' : 'SENDING';
};
