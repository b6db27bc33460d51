import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, ncpMail, nhnEachMail, text, type Fixture } from '../testing/simulator.fixture.js';

describe('control endpoints', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const get = async (path: string) => (await fixture.call('GET', `/control${path}`)).json;
  const ncp = (addresses: readonly string[], more: Record<string, unknown> = {}) =>
    fixture.ncp('POST', '/mails', ncpMail({ recipients: addresses.map((address) => ({ address })), ...more }));
  const nhn = (addresses: readonly string[], more: Record<string, unknown> = {}) =>
    fixture.nhn('POST', '/sender/eachMail', nhnEachMail(addresses, more));

  test('the record keeps what was accepted, with the body as received', async () => {
    const { json } = await ncp(['a@x.kr'], { referencesHeader: '<bat_1.1@m.x>' });
    const id = text(json['requestId']);
    expect(await get('/requests')).toMatchObject({
      data: [{ provider: 'ncp', requestId: id, marker: '<bat_1.1@m.x>', recipientCount: 1, title: 'Hello ${name}' }],
      nextCursor: null,
    });
    const full = await get(`/requests/${id}`);
    expect(JSON.parse(text(full['body']))).toEqual(
      ncpMail({ recipients: [{ address: 'a@x.kr' }], referencesHeader: '<bat_1.1@m.x>' }),
    );
  });

  test('gives a gateway the settings that it needs to use the simulator', async () => {
    const { json } = await fixture.call('GET', '/control/accounts', undefined, { host: '127.0.0.1:3900' });
    expect(json).toEqual({
      NCP_BASE_URL: 'http://127.0.0.1:3900/api/v1',
      NCP_ACCESS_KEY: 'sandbox-ncp-access-key',
      NCP_SECRET_KEY: 'sandbox-ncp-secret-key',
      NHN_BASE_URL: 'http://127.0.0.1:3900',
      NHN_APP_KEY: 'sandbox-nhn-app-key',
      NHN_SECRET_KEY: 'sandbox1',
    });
    const { json: sens } = await fixture.call('GET', '/control/accounts?kinds=sens', undefined, { host: 'a:1' });
    expect(sens).toEqual({
      SENS_BASE_URL: 'http://a:1/sens',
      SENS_ACCESS_KEY: 'sandbox-sens-access-key',
      SENS_SECRET_KEY: 'sandbox-sens-secret-key',
      SENS_SERVICE_ID: 'ncp:mail:kr:100000000002:sandbox',
      SENS_V1_BASE_URL: 'http://a:1/api/v1',
      SENS_V1_ACCESS_KEY: 'sandbox-ncp-access-key',
      SENS_V1_SECRET_KEY: 'sandbox-ncp-secret-key',
    });
  });

  test('large bodies are returned whole', async () => {
    const { json } = await ncp(['a@x.kr'], { body: '가나다'.repeat(50_000) });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const full = await get(`/requests/${text(json['requestId'])}`);
    expect(JSON.parse(text(full['body']))).toMatchObject({ body: '가나다'.repeat(50_000) });
  });

  test('mails are rendered per recipient and paged over requests', async () => {
    await fixture.ncp('POST', '/mails', ncpMail());
    await nhn(['a@x.kr', 'b@x.kr'], {
      title: '(광고) ##n##',
      receiverList: [
        { receiveMailAddr: 'a@x.kr', receiveName: 'A', templateParameter: { n: 1 } },
        { receiveMailAddr: 'b@x.kr', templateParameter: { n: 2 } },
      ],
    });
    const first = await get('/mails?limit=2');
    expect(first['data']).toMatchObject([
      { provider: 'ncp', address: 'kim@example.org', subject: 'Hello Kim', body: '<p>Order A-17</p>', status: 'P' },
      { provider: 'nhn', address: 'a@x.kr', name: 'A', subject: '(광고) 1', status: 'SST0' },
    ]);
    const second = await get(`/mails?limit=2&cursor=${text(first['nextCursor'])}`);
    expect(second).toMatchObject({ data: [{ address: 'b@x.kr', subject: '(광고) 2', mailSeq: 1 }], nextCursor: null });
    expect((await get('/mails?address=B@x.kr'))['data']).toHaveLength(1);
  });

  test('duplicates are the same address under the same marker, whatever the attempt or vendor', async () => {
    await ncp(['a@x.kr', 'b@x.kr'], { referencesHeader: '<bat_1.1@m.x>' });
    await ncp(['A@x.kr'], { referencesHeader: '<bat_1.2@m.x>' });
    await nhn(['b@x.kr', 'c@x.kr'], { senderGroupingKey: 'bat_1' });
    await nhn(['a@x.kr'], { senderGroupingKey: 'bat_2', senderAddress: 'other@shop.example' });
    const summary = await get('/summary?addresses=true');
    expect(summary['duplicates']).toMatchObject({
      count: 2,
      first: [
        { address: 'a@x.kr', identity: 'bat_1', count: 2 },
        { address: 'b@x.kr', identity: 'bat_1', count: 2 },
      ],
    });
    expect(summary['repeatedAddresses']).toMatchObject({ count: 2, first: [{ count: 3 }, { count: 2 }] });
    expect(summary['ncp']).toMatchObject({ requests: 2, recipients: 3, maxRecipientsPerRequest: 2 });
    const filtered = await get('/summary?sender=other@shop.example');
    expect(filtered).toMatchObject({ requests: 1, duplicates: { count: 0 }, ncp: { requests: 0 } });
  });

  test('an address twice in one request is a duplicate; equal mails without marker are one piece of work', async () => {
    await nhn(['a@x.kr', 'a@x.kr'], { senderGroupingKey: 'k' });
    await nhn(['b@x.kr']);
    await nhn(['b@x.kr']);
    await nhn(['b@x.kr'], { title: 'Another' });
    expect((await get('/summary'))['duplicates']).toMatchObject({ count: 2, first: [{ count: 2 }, { count: 2 }] });
  });

  test('settings merge by group and refuse what is unknown', async () => {
    const put = (body: unknown) => fixture.call('PUT', '/control/settings', body);
    expect((await put({ timings: { outcomeMs: 5 }, nhn: { utcOffsetMinutes: 0 } })).json).toMatchObject({
      timings: { outcomeMs: 5, sendingMs: 150 },
      nhn: { utcOffsetMinutes: 0, httpStatus: 'always-200' },
    });
    expect((await put({ nhn: { sorting: 'desc' } })).status).toBe(422);
    expect(await get('/settings')).toMatchObject({ timings: { outcomeMs: 5 } });
  });

  test('reset empties everything', async () => {
    await ncp(['a@x.kr']);
    await fixture.call('POST', '/control/faults', { kind: 'drop', times: -1 });
    await fixture.call('PUT', '/control/settings', { clockOffsetMs: 5 });
    expect((await fixture.call('POST', '/control/reset')).status).toBe(204);
    expect(await get('/requests')).toEqual({ data: [], nextCursor: null });
    expect(await get('/faults')).toEqual({ data: [] });
    expect(await get('/settings')).toMatchObject({ clockOffsetMs: 0 });
  });

  test('refusals are kept with their reason', async () => {
    await ncp(['a@x.kr'], { isHtml: true });
    expect((await get('/refusals'))['data']).toMatchObject([
      { provider: 'ncp', code: '77102', reason: 'isHtml is unknown' },
    ]);
  });
});
