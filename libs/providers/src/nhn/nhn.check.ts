import {
  ProviderRefusedError,
  ProviderUnavailableError,
  type CheckFinding,
  type CheckStep,
  type ProviderCheck,
} from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { clockFinding } from '../shared/clock-finding.js';
import { ask } from '../shared/exchange.js';
import { sendersFinding } from '../shared/senders-finding.js';
import type { NhnApi } from './nhn.api.js';
import { NO_DATA, OK, verdictOf } from './nhn.codes.js';
import { isFrom, type NhnVersion } from './nhn.config.js';
import { envelopeWords, readEnvelope } from './nhn.errors.js';
import { totalStats } from './statistics/nhn.stats.js';
import { writeTime } from './nhn.time.js';
import { createNhnUpdates } from './track/nhn.updates.js';
import { mailPageSchema } from './nhn.wire.js';

const DAY_MS = 86_400_000;
const RECENT = 20;

/** The list of mails (nhn.md §5.2) proves the app key and, from v2.0 on, the secret key; no call lists the domains. */
export const createNhnCheck = (api: NhnApi, version: NhnVersion): ProviderCheck => ({
  credentials: {
    subject: 'credentials',
    ask: async (signal) => {
      const now = api.clock.now();
      const query = new URLSearchParams({
        startSendDate: writeTime(new Date(now.getTime() - DAY_MS)),
        endSendDate: writeTime(now),
        pageNum: '1',
        pageSize: String(RECENT),
      });
      const path = `${api.pathOf('sender/mails')}?${query.toString()}`;
      const answer = await ask(api.http, { method: 'GET', path, headers: api.headers, signal }, api.account);
      const senders = sendersOf(answer);
      if (senders === undefined) return [refused(answer, api)];
      return [
        { subject: 'credentials', outcome: 'ok', detail: credentialsOf(api) },
        clockFinding(answer, api.clock.now()),
        sendersFinding(senders),
      ];
    },
  },
  ...(isFrom(version, 'v2.1') && { more: [updatesStep(api), totalStep(api)] }),
});

/** From v2.1 on: the list by which many mails are followed with few calls. */
const updatesStep = (api: NhnApi): CheckStep => ({
  subject: 'updates',
  ask: async (signal) => {
    const pages = createNhnUpdates(api).read(undefined, signal);
    await pages.next();
    await pages.return(undefined);
    return [{ subject: 'updates', outcome: 'ok', detail: 'the list of updates can be read' }];
  },
});

const totalStep = (api: NhnApi): CheckStep => ({
  subject: 'totals',
  ask: async (signal) => {
    const to = api.clock.now();
    const { requested, delivered } = await totalStats(api, { from: new Date(to.getTime() - DAY_MS), to }, signal);
    const detail = `${requested} mails requested and ${delivered} received in the last 24 hours, as the vendor counts`;
    return [{ subject: 'totals', outcome: 'ok', detail }];
  },
});

const credentialsOf = ({ headers }: NhnApi): string =>
  'X-Secret-Key' in headers ? 'the app key and the secret key are accepted' : 'the app key is accepted';

/** `undefined`: the answer is no list. */
function sendersOf(answer: HttpResponse): readonly string[] | undefined {
  const envelope = readEnvelope(answer);
  if (envelope?.header.resultCode === NO_DATA) return [];
  if (envelope?.header.isSuccessful !== true || envelope.header.resultCode !== OK) return undefined;
  const rows = mailPageSchema.safeParse(envelope.body).data?.data;
  return rows === null || rows === undefined ? undefined : rows.map(({ senderAddress }) => senderAddress ?? '');
}

const CONSOLE = 'in the console under Notification > Email, "URL & Appkey"';
/** nhn.md §3; -1004 is from v2.0 on. */
const ADVICE: ReadonlyMap<number, string> = new Map([
  [-1000, `check the app key of this account, ${CONSOLE}`],
  [-1004, `check the secret key of this account, ${CONSOLE}`],
  [-1005, 'the vendor has blocked the service, perhaps for bounces: ask its support'],
  [-1001, 'enable the Email service for the project in the console'],
  [-1002, 'enable the Email service for the project in the console'],
  [-9998, 'check the base URL and the API version of this account'],
]);

function refused(answer: HttpResponse, api: NhnApi): CheckFinding {
  const envelope = readEnvelope(answer);
  const code = envelope?.header.resultCode;
  const words = envelopeWords(answer, envelope, api);
  const advice = code === undefined ? undefined : ADVICE.get(code);
  if (advice !== undefined) {
    const detail = `refused with ${code}: ${words.message ?? 'no message'}`;
    return { subject: 'credentials', outcome: 'fault', detail, advice };
  }
  const verdict = code === undefined ? undefined : verdictOf(code);
  if (verdict !== undefined && verdict.scope !== 'moment') {
    throw new ProviderRefusedError(words.message ?? String(code), words);
  }
  throw new ProviderUnavailableError(`the answer (HTTP ${answer.status}) cannot be understood`, words);
}
