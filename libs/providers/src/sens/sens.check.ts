import { ProviderRefusedError, type CheckFinding, type CheckStep, type ProviderCheck } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { clockHint, CLOCK_TOLERANCE_MS, queryText } from '../naver/apigw-signature.js';
import { readJson } from '../shared/answer.js';
import { clockFinding } from '../shared/clock-finding.js';
import { ask } from '../shared/exchange.js';
import { sendersFinding } from '../shared/senders-finding.js';
import type { SensApi } from './sens.api.js';
import type { V1Api } from '../naver/v1/api.js';
import { createV1Check } from '../naver/v1/check.js';
import { noAnswer } from '../naver/signed-api.js';
import { wordsAbout } from '../naver/verdict.js';
import { readError } from './sens.errors.js';
import { serviceHint } from './sens.projects.js';
import { requestListSchema } from './sens.wire.js';

const DAY_MS = 86_400_000;
/** Requests that are looked at for their senders. */
const RECENT = 20;

/** The list of requests (sens.md §4) proves both keys, the clock and the service id; no call lists the senders. */
export const createSensCheck = (api: SensApi, serviceId: string, v1: V1Api | undefined): ProviderCheck => ({
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
  ...(v1 !== undefined && { more: [v1Step(v1)] }),
});

/** v1 has keys of its own, and may have ended. */
const v1Step = (v1: V1Api): CheckStep => ({
  subject: V1_SUBJECT,
  ask: async (signal) => {
    const findings = await createV1Check(v1).credentials.ask(signal);
    return findings.filter(isAboutKeys).map((finding) => ({ ...finding, subject: V1_SUBJECT }));
  },
});

const V1_SUBJECT = 'credentials for v1';

const isAboutKeys = ({ subject, outcome }: CheckFinding): boolean => subject === 'credentials' || outcome === 'fault';

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
  if (status !== 400) return noAnswer(answer, error, { reading: api });
  return new ProviderRefusedError(error.message ?? `HTTP ${status}`, wordsAbout(answer, error, api));
}
