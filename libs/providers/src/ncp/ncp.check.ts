import { ProviderRefusedError, ProviderUnavailableError, type CheckFinding, type ProviderCheck } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { z } from 'zod';
import { readJson, wordsOf } from '../shared/answer.js';
import { clockFinding } from '../shared/clock-finding.js';
import { ask } from '../shared/exchange.js';
import { sendersFinding } from '../shared/senders-finding.js';
import { entries, optional } from '../shared/wire.js';
import type { NcpApi } from './ncp.api.js';
import { clockHint, CLOCK_TOLERANCE_MS } from '../shared/apigw-signature.js';
import { readError, verdictOf } from './ncp.errors.js';

const DAY_MS = 86_400_000;
/** Requests that are looked at for their senders. */
const RECENT = 20;

const recentSchema = z.object({
  content: entries(z.object({ senderAddress: optional(z.string().max(200)) }), {}),
});

/** The list of requests (ncp.md §3.4) proves access key, secret key and clock; no call lists the domains. */
export const createNcpCheck = (api: NcpApi): ProviderCheck => ({
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

function refused(answer: HttpResponse, api: NcpApi): CheckFinding {
  const error = readError(answer, api.redact);
  const hint = answer.status === 401 ? clockHint(answer, api.clock.now()) : undefined;
  const words = wordsOf(api.account, { code: error.code, message: error.message, httpStatus: answer.status });
  const advice = ADVICE[`${answer.status}/${error.code}`];
  const verdict = verdictOf(answer.status, error);
  if (hint !== undefined) {
    return { subject: 'clock', outcome: 'fault', detail: hint, advice: 'synchronise the clock of this machine (NTP)' };
  }
  if (advice !== undefined) {
    const detail = `refused with HTTP ${answer.status}, ${error.code}: ${error.message ?? 'no message'}`;
    return { subject: 'credentials', outcome: 'fault', detail, advice };
  }
  if (verdict !== undefined && verdict.scope !== 'moment') {
    throw new ProviderRefusedError(error.message ?? `HTTP ${answer.status}`, words);
  }
  const text = answer.status === 200 ? 'the answer cannot be understood' : `the answer is HTTP ${answer.status}`;
  throw new ProviderUnavailableError(text, words);
}
