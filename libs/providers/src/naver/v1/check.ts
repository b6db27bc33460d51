import { ProviderRefusedError, type CheckFinding, type ProviderCheck } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { z } from 'zod';
import { readJson } from '../../shared/answer.js';
import { clockFinding } from '../../shared/clock-finding.js';
import { ask } from '../../shared/exchange.js';
import { sendersFinding } from '../../shared/senders-finding.js';
import { entries, optional } from '../../shared/wire.js';
import type { V1Api } from './api.js';
import { clockHint, CLOCK_TOLERANCE_MS } from '../apigw-signature.js';
import { noAnswer } from '../signed-api.js';
import { wordsAbout } from '../verdict.js';
import { readError, verdictOf } from './errors.js';

const DAY_MS = 86_400_000;
/** Requests that are looked at for their senders. */
const RECENT = 20;

const recentSchema = z.object({
  content: entries(z.object({ senderAddress: optional(z.string().max(200)) }), {}),
});

/** The list of requests (ncp.md §3.4) proves access key, secret key and clock; no call lists the domains. */
export const createV1Check = (api: V1Api): ProviderCheck => ({
  credentials: {
    subject: 'credentials',
    ask: async (signal) => {
      const now = api.clock.now();
      const query = `startUtc=${now.getTime() - DAY_MS}&endUtc=${now.getTime()}&size=${RECENT}`;
      const answer = await ask(api.http, { ...api.signed('GET', `/mails/requests?${query}`), signal }, api.account);
      const recent = answer.status === 200 ? recentSchema.safeParse(readJson(answer.body)).data : undefined;
      if (recent === undefined) return [refused(answer, api)];
      return [
        { subject: 'credentials', outcome: 'ok', detail: 'the signature is accepted' },
        clockFinding(answer, api.clock.now(), CLOCK_TOLERANCE_MS),
        sendersFinding(recent.content.map(({ senderAddress }) => senderAddress)),
      ];
    },
  },
});

/** By HTTP status and code (ncp.md §1.4, §1.6). */
const ADVICE: Readonly<Record<string, string>> = {
  '401/200': 'check the access key and the secret key of this account, and the path of its base URL, which is signed',
  '401/210': 'allow the owner of the access key to use Cloud Outbound Mailer (Sub Account permissions)',
  '403/77201': 'allow the owner of the access key to use Cloud Outbound Mailer (Sub Account permissions)',
  '403/77202': 'subscribe to Cloud Outbound Mailer in the console of this account',
  '404/300': 'check the base URL of this account: region, zone and path, and whether the service still has this API',
};

function refused(answer: HttpResponse, api: V1Api): CheckFinding {
  const error = readError(answer, api.redact);
  const hint = answer.status === 401 ? clockHint(answer, api.clock.now()) : undefined;
  if (hint !== undefined) {
    return { subject: 'clock', outcome: 'fault', detail: hint, advice: 'synchronise the clock of this machine (NTP)' };
  }
  const advice = ADVICE[`${answer.status}/${error.code}`];
  if (advice !== undefined) {
    const detail = `refused with HTTP ${answer.status}, ${error.code}: ${error.message ?? 'no message'}`;
    return { subject: 'credentials', outcome: 'fault', detail, advice };
  }
  const verdict = verdictOf(answer.status, error);
  if (verdict === undefined || verdict.scope === 'moment') throw noAnswer(answer, error, { reading: api });
  throw new ProviderRefusedError(error.message ?? `HTTP ${answer.status}`, wordsAbout(answer, error, api));
}
