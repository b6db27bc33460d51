import { ProviderRefusedError, ProviderUnavailableError, type CheckFinding, type ProviderCheck } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { clockHint, CLOCK_TOLERANCE_MS, queryText } from '../shared/apigw-signature.js';
import { readJson } from '../shared/answer.js';
import { clockFinding } from '../shared/clock-finding.js';
import { ask } from '../shared/exchange.js';
import { sendersFinding } from '../shared/senders-finding.js';
import type { SensApi } from './sens.api.js';
import { errorWords, readError } from './sens.errors.js';
import { serviceHint } from './sens.projects.js';
import { requestListSchema } from './sens.wire.js';

const DAY_MS = 86_400_000;
/** Requests that are looked at for their senders. */
const RECENT = 20;

/** The list of requests (sens.md §4) proves both keys, the clock and the service id; no call lists the senders. */
export const createSensCheck = (api: SensApi, serviceId: string): ProviderCheck => ({
  credentials: {
    subject: 'credentials',
    ask: async (signal) => {
      const now = api.clock.now().getTime();
      const query = queryText([
        ['fromDateTime', new Date(now - DAY_MS).toISOString()],
        ['toDateTime', new Date(now).toISOString()],
        ['pageSize', RECENT],
      ]);
      const answer = await ask(api.http, { ...api.signed('GET', api.requestsPath() + query), signal }, api.account);
      const recent = answer.status === 200 ? requestListSchema.safeParse(readJson(answer.body)).data : undefined;
      if (recent === undefined) return [await refused(answer, api, () => serviceHint(api, serviceId, signal))];
      return [
        { subject: 'credentials', outcome: 'ok', detail: 'the signature and the service id are accepted' },
        clockFinding(answer, api.clock.now(), CLOCK_TOLERANCE_MS),
        sendersFinding(recent.rows.map(({ senderAddress }) => senderAddress)),
      ];
    },
  },
});

const ADVICE: Readonly<Record<number, string>> = {
  401: 'check the access key and the secret key of this account, and the path of its base URL, which is signed',
  403: 'check the service id, whether mail is switched on in its project, and the rights of the access key',
  404: 'check the base URL and the service id of this account',
};

async function refused(
  answer: HttpResponse,
  api: SensApi,
  hintOf: () => Promise<string | undefined>,
): Promise<CheckFinding> {
  const { status } = answer;
  const clock = status === 401 ? clockHint(answer, api.clock.now()) : undefined;
  if (clock !== undefined) {
    return { subject: 'clock', outcome: 'fault', detail: clock, advice: 'synchronise the clock of this machine (NTP)' };
  }
  const advice = ADVICE[status];
  if (advice === undefined) throw noFinding(answer, api);
  const { code = 'no code', message = 'no message' } = readError(answer, api.redact);
  const hint = status === 401 ? undefined : await hintOf();
  const parts = [`refused with HTTP ${status}, ${code}: ${message}`, ...(hint === undefined ? [] : [hint])];
  return { subject: 'credentials', outcome: 'fault', detail: parts.join('; '), advice };
}

function noFinding(answer: HttpResponse, api: SensApi): Error {
  const { status } = answer;
  const error = readError(answer, api.redact);
  const words = errorWords(answer, error, api);
  if (status === 400) return new ProviderRefusedError(error.message ?? `HTTP ${status}`, words);
  const text = status === 200 ? 'the answer cannot be understood' : `the answer is HTTP ${status}`;
  return new ProviderUnavailableError(text, words);
}
