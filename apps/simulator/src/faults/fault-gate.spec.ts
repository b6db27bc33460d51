import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  aSimulator,
  NHN_BASE,
  ncpMail,
  nhnEachMail,
  signedHeaders,
  type Fixture,
} from '../testing/simulator.fixture.js';

describe('faults', () => {
  let fixture: Fixture;
  let origin = '';
  beforeEach(async () => {
    fixture = await aSimulator();
    origin = await fixture.listen();
  });
  afterEach(() => fixture.close());

  const set = (fault: Record<string, unknown>) => fixture.call('POST', '/control/faults', fault);
  const accepted = () => fixture.simulator.requests.all().length;

  /** Sends over a real socket; a connection that breaks or never answers is an Error. */
  const sendNcp = (more: Record<string, unknown> = {}, patienceMs = 60_000): Promise<Response> => {
    const headers = signedHeaders('POST', '/api/v1/mails', fixture.simulator.now());
    const body = JSON.stringify(ncpMail(more));
    return fetch(`${origin}/api/v1/mails`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(patienceMs),
    });
  };
  const sendNhn = (): Promise<Response> =>
    fetch(`${origin}${NHN_BASE}/sender/eachMail`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(nhnEachMail(['a@x.kr'])),
    });

  test.each([
    ['drop', {}, 0],
    ['drop', { afterAccept: true }, 1],
    ['accept_then_drop', {}, 1],
    ['hang', {}, 0],
    ['hang', { accept: true }, 1],
  ])('%s %j never answers and has accepted %d', async (kind, more, count) => {
    await set({ kind, provider: 'ncp', ...more });
    await expect(sendNcp({}, 2000)).rejects.toThrow();
    expect(accepted()).toBe(count);
    expect((await sendNcp()).status).toBe(201);
  });

  test.each([
    [{ kind: 'accept_then_500' }, 500, 1, 'Internal Server Error'],
    [{ kind: 'html' }, 502, 0, '<!DOCTYPE html>'],
    [{ kind: 'html', status: 200, accept: true }, 200, 1, '<!DOCTYPE html>'],
    [{ kind: 'half_json', accept: true }, 200, 1, '{"requestId":"2026'],
    [{ kind: 'empty', accept: true }, 200, 1, ''],
    [{ kind: 'empty' }, 200, 0, ''],
  ])('%j answers %d and has accepted %d', async (fault, status, count, start) => {
    await set(fault);
    const answer = await sendNcp();
    const text = await answer.text();
    expect([answer.status, accepted()]).toEqual([status, count]);
    expect(text.slice(0, start.length)).toBe(start);
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  test.each([
    ['throttle_429', {}, 429, { errorCode: '410', message: 'Throttle Limited' }],
    ['quota', {}, 400, { code: '77102', message: 'BAD_REQUEST' }],
    ['quota', { style: 'gateway' }, 429, { errorCode: '400', message: 'Quota Exceeded' }],
    ['credentials', {}, 401, { errorCode: '200', message: 'Authentication Failed' }],
    ['clock_skew', {}, 401, { errorCode: '200', message: 'Authentication Failed' }],
    ['error_500', {}, 500, { code: '77303', message: 'Internal server error' }],
    ['retired', { status: 410, code: '999', message: 'Gone' }, 410, { errorCode: '999', message: 'Gone' }],
  ])('NCP %s %j', async (kind, more, status, error) => {
    await set({ kind, retryAfterSeconds: 3, ...more });
    const answer = await sendNcp();
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([status, '3', { error }]);
    expect(accepted()).toBe(0);
  });

  test.each([
    ['throttle_429', {}, 200, -2043],
    ['throttle_429', { style: 'http' }, 429, -2043],
    ['credentials', {}, 200, -1000],
    ['error_500', {}, 500, -9999],
    ['retired', {}, 200, -9998],
  ])('NHN %s %j', async (kind, more, status, resultCode) => {
    await set({ kind, provider: 'nhn', ...more });
    const answer = await sendNhn();
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ header: { isSuccessful: false, resultCode }, body: null });
  });

  test('slow answers late and normally', async () => {
    await set({ kind: 'slow', delayMs: 60 });
    const start = performance.now();
    expect((await sendNcp()).status).toBe(201);
    expect(performance.now() - start).toBeGreaterThan(50);
  });

  test('lag hides an accepted request from all reads for a while', async () => {
    await set({ kind: 'lag', lagMs: 5_000 });
    const { requestId } = (await (await sendNcp()).json()) as { requestId: string };
    const status = async () => (await fixture.ncp('GET', `/mails/requests/${requestId}/status`)).status;
    const total = async () => (await fixture.ncp('GET', '/mails/requests')).json['totalElements'];
    expect([await status(), await total(), accepted()]).toEqual([400, 0, 1]);
    fixture.advance(5_000);
    expect([await status(), await total()]).toEqual([200, 1]);
  });

  test('hits only matching calls, after those that it skips, as often as it says', async () => {
    await set({ kind: 'error_500', provider: 'nhn', times: -1 });
    await set({ kind: 'error_500', provider: 'ncp', operation: 'status', times: -1 });
    await set({ kind: 'error_500', provider: 'ncp', sender: 'other@shop.example', times: 2, skip: 1 });
    const other = { senderAddress: 'other@shop.example' };
    const statuses: number[] = [];
    for (const more of [{}, other, other, {}, other, other]) statuses.push((await sendNcp(more)).status);
    expect(statuses).toEqual([201, 201, 500, 201, 500, 201]);
    await fixture.call('DELETE', '/control/faults');
    expect((await sendNhn()).status).toBe(200);
  });

  test('a call that is refused anyway does not use up a fault after acceptance', async () => {
    await set({ kind: 'accept_then_drop' });
    expect((await sendNcp({ title: '' })).status).toBe(400);
    await expect(sendNcp({}, 2000)).rejects.toThrow();
    expect((await fixture.call('GET', '/control/faults')).json['data']).toMatchObject([{ remaining: 0, hits: 1 }]);
  });

  test('an unknown fault is refused', async () => {
    expect((await set({ kind: 'explode' })).status).toBe(422);
    expect((await set({ kind: 'drop', provdier: 'ncp' })).status).toBe(422);
  });
});
