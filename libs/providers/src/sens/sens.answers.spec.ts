import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailableError, type EmailProvider, type TrackedRequest } from '@gateway/core';
import { aBatch, anySignal, askingFor, findOf, pollOnce, thrownBy, tracking } from '@gateway/testing';
import { scriptedHttp } from '../shared/scripted-http.fixture.js';
import { createSensProvider } from './sens.provider.js';

const now = new Date('2026-11-20T12:00:00Z');
const settings = {
  baseUrl: 'https://sens.test',
  serviceId: 'ncp:mail:kr:1:main',
  accessKey: 'AK-of-a-test',
  secretKey: 'SK-of-a-test',
  successMeans: 'delivered',
} as const;

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body: unknown;
}

const WEEK = { 'retry-after': '604800' };
const request = { ...tracking(aBatch(), { requestId: 'r-1', operation: 'createMailRequest' }), acceptedAt: now };

/** SENS with these answers, by path without the service. */
function sensThat(answerTo: (path: string) => Answer): { readonly provider: EmailProvider; readonly paths: string[] } {
  const paths: string[] = [];
  const http = scriptedHttp(() => '');
  const ask: typeof http.request = async (call) => {
    const path = decodeURIComponent(call.path).replace('/mail/v2/services/ncp:mail:kr:1:main', '');
    paths.push(path);
    const { status = 200, headers = {}, body } = answerTo(path);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { status, headers, body: Buffer.from(text) };
  };
  const deps = { http: () => ({ ...http, request: ask }), clock: { now: () => now }, timeoutMs: 1 };
  return { provider: createSensProvider(settings, deps), paths };
}

describe('an answer of SENS that no document promises', () => {
  it("may have v1's shapes on v2's paths: the request is accepted, found and followed", async () => {
    const batch = aBatch();
    const coded = (code: string) => ({ label: '…', code });
    const comment = `<!-- ${batch.batchId}.1 -->`;
    const page = (content: readonly object[]) => ({
      content,
      last: true,
      totalPages: 1,
      totalElements: content.length,
    });
    const row = { requestId: '20261120000000012301', emailStatus: coded('S'), requestCount: 1, recipientCount: 1 };
    const recipient = {
      address: 'kim@example.com',
      status: coded('F'),
      sendResultCode: 'X',
      sendResultMessage: '550 no',
    };
    const v1 = sensThat((path) => {
      if (path === '/requests') return { status: 201, body: '{"requestId":"20261120000000012301","count":1}' };
      if (path.startsWith('/requests?')) return { body: page([row]) };
      if (path.includes('/mails?')) return { body: page([{ mailId: '9', emailStatus: coded('F') }]) };
      if (path.includes('/mails/')) {
        return { body: { mailId: 9, emailStatus: coded('F'), body: `<p>Hi</p>${comment}`, recipients: [recipient] } };
      }
      return {
        body: {
          requestId: 'x',
          readyCompleted: true,
          requestCount: 1,
          finishCount: 1,
          countsByStatus: [{ status: coded('F'), count: 1 }],
        },
      };
    }).provider;
    expect(await v1.send(batch, anySignal())).toMatchObject({ outcome: 'accepted', requestId: row.requestId });
    expect(await findOf(v1)(askingFor(batch), anySignal())).toMatchObject({ requestId: row.requestId });
    const { reports } = await pollOnce(v1, request);
    expect(reports).toMatchObject([{ address: 'kim@example.com', status: 'bounced', mailId: '9' }]);
  });

  it("may have v1's errors: they are refusals, not doubts", async () => {
    const { provider } = sensThat(() => ({ status: 400, body: { error: { code: '77102', message: 'BAD_REQUEST' } } }));
    const outcome = await provider.send(aBatch(), anySignal());
    expect(outcome).toMatchObject({ outcome: 'refused', scope: 'batch', provider: { code: '77102' } });
  });

  it('may be 404 without a body: nothing was taken, nothing is known to be absent', async () => {
    const { provider } = sensThat(() => ({ status: 404, body: '' }));
    expect(await provider.send(aBatch(), anySignal())).toMatchObject({ outcome: 'refused', scope: 'account' });
    for (const question of [
      () => pollOnce(provider, request),
      () => findOf(provider)(askingFor(aBatch()), anySignal()),
      () => provider.statistics?.count({ from: now, to: now, groupBy: 'date' }, anySignal()),
    ]) {
      expect(await thrownBy(async () => question())).toBeInstanceOf(ProviderUnavailableError);
    }
  });

  it('may ask for a pause of a week: an hour of it is kept', async () => {
    const throttled = sensThat(() => ({ status: 429, headers: WEEK, body: { error: { errorCode: '420' } } })).provider;
    expect(await throttled.send(aBatch(), anySignal())).toMatchObject({ reason: 'throttled', retryAfterMs: 3_600_000 });
    const error = await thrownBy(() => pollOnce(throttled, request));
    expect(error).toMatchObject({ retryAfterMs: 3_600_000 });
    const busy = sensThat(() => ({ headers: WEEK, body: { status: 'SENDING' } })).provider;
    expect((await pollOnce(busy, request)).result).toMatchObject({ retryAfterMs: 3_600_000 });
  });

  it.each([
    ['a number', '20261120000000012301', '20261120000000012301'],
    ['a small number', '17', '17'],
    ['a text', '"17"', '17'],
  ])('may have an id that is %s: it is kept digit for digit', async (_, written, id) => {
    const { provider, paths } = sensThat((path) =>
      path.includes('/mails?')
        ? { body: `{"mails":[{"mailId":${written},"status":"COMPLETED"}]}` }
        : path.includes('/mails/')
          ? { body: { mailId: id, recipients: [{ address: 'kim@example.com', status: 'COMPLETED' }] } }
          : { status: path === '/requests' ? 202 : 200, body: `{"requestId":${written},"status":"COMPLETED"}` },
    );
    expect(await provider.send(aBatch(), anySignal())).toMatchObject({ outcome: 'accepted', requestId: id });
    const { reports } = await pollOnce(provider, { ...request, requestId: id });
    expect(reports).toMatchObject([{ mailId: id, status: 'delivered' }]);
    expect(paths).toContain(`/requests/${id}/mails/${id}`);
  });
});

describe('a large request that failed in part', () => {
  const MAILS = 5000;
  /** `failed` of the first mails have failed, the others are done or under way. */
  function aCampaign(counts: 'list' | 'absent') {
    const state = { now: now.getTime(), ended: 0, failed: 0 };
    const statusOf = (n: number): string => (n < state.failed ? 'FAILED' : n < state.ended ? 'COMPLETED' : 'SENDING');
    const answer = (path: string): unknown => {
      const page = Number(/pageNo=(\d+)/.exec(path)?.[1]);
      if (path.includes('/mails?')) {
        const mails = Array.from({ length: 1000 }, (_, i) => page * 1000 + i).map((n) => ({
          mailId: `m${n}`,
          status: statusOf(n),
          representativeRecipient: `r${n}@example.com`,
        }));
        return { mails: page * 1000 < MAILS ? mails : [] };
      }
      const [, n] = /\/mails\/m(\d+)/.exec(path) ?? [];
      if (n !== undefined) {
        return { recipients: [{ address: `r${n}@example.com`, status: 'FAILED', sendResultCode: 'MAILBOX_ERROR' }] };
      }
      const countsByStatus = [
        { status: 'FAILED', count: state.failed },
        { status: 'COMPLETED', count: state.ended - state.failed },
      ];
      return {
        status: state.ended < MAILS ? 'SENDING' : 'PARTIAL_FAILED',
        finishCount: state.ended,
        ...(counts === 'list' && { countsByStatus }),
      };
    };
    const http = scriptedHttp(answer);
    const deps = { http: () => http, clock: { now: () => new Date(state.now) }, timeoutMs: 1 };
    const provider = createSensProvider(settings, deps);
    let tracked: TrackedRequest = { ...request, recipientCount: MAILS };
    const poll = async () => {
      const before = http.requests.length;
      const { reports, result } = await pollOnce(provider, tracked);
      tracked = { ...tracked, cursor: JSON.parse(JSON.stringify(result.cursor)) as unknown };
      const details = http.requests.slice(before).filter(({ path }) => /\/mails\/m/.test(path)).length;
      return { reports: reports.length, details };
    };
    return { state, poll };
  }

  it('has its failures explained when they have doubled, hourly and at the end', async () => {
    const { state, poll } = aCampaign('list');
    Object.assign(state, { ended: 1000, failed: 400 });
    expect(await poll()).toEqual({ reports: 1000, details: 400 });
    Object.assign(state, { ended: 2000, failed: 500 });
    expect(await poll()).toEqual({ reports: 1500, details: 0 });
    state.now += 3_600_000;
    expect(await poll()).toEqual({ reports: 2000, details: 500 });
    Object.assign(state, { ended: MAILS, failed: 3000 });
    expect(await poll()).toEqual({ reports: MAILS, details: 3000 });
    expect(await poll()).toEqual({ reports: 0, details: 0 });
  });

  it('is read as rarely where SENS does not say how many failed', async () => {
    const { state, poll } = aCampaign('absent');
    Object.assign(state, { ended: 1000, failed: 400 });
    expect((await poll()).details).toBe(400);
    Object.assign(state, { ended: 1600, failed: 500 });
    expect((await poll()).details).toBe(0);
    Object.assign(state, { ended: MAILS, failed: 600 });
    expect(await poll()).toEqual({ reports: MAILS, details: 600 });
  });
});
