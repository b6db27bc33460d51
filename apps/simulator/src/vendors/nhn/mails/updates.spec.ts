import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, nhnEachMail, type Fixture } from '../../../testing/simulator.fixture.js';
import { nhnKeys } from '../keys.js';

const WINDOW = 'startMailStatusUpdateDate=2026-11-20+12%3A00%3A00&endMailStatusUpdateDate=2026-11-20+13%3A00%3A00';

describe('NHN v2.1', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const get = (path: string, { version = 'v2.1', keys = 'appKeys', secret = nhnKeys.secretKey } = {}) =>
    fixture.call('GET', `/email/${version}/${keys}/${nhnKeys.appKey}/${path}`, undefined, { 'x-secret-key': secret });
  const codeOf = async (...call: Parameters<typeof get>) => (await get(...call)).json['header']?.['resultCode'];
  const send = (...addresses: readonly string[]) =>
    fixture.nhn('POST', '/sender/eachMail', nhnEachMail(addresses, { senderGroupingKey: 'bat_1' }));

  test('lists final results by the time of the result, without addresses', async () => {
    await send('a@x.kr', 'bounce@x.kr', 'stuck@x.kr', 'sent@x.kr');
    expect((await get(`sender/update-mails?${WINDOW}`)).json['body']).toMatchObject({ totalCount: 0 });
    fixture.advance(1000);
    const { json } = await get(`sender/update-mails?${WINDOW}`);
    expect(json['body']).toMatchObject({
      totalCount: 2,
      data: [
        { mailSeq: 1, mailStatusCode: 'SST3', dsnCode: expect.stringMatching(/^5/) },
        { mailSeq: 0, mailStatusCode: 'SST2', senderGroupingKey: 'bat_1', resultDate: '2026-11-20 12:00:00' },
      ],
    });
    expect(JSON.stringify(json)).not.toContain('@x.kr');
  });

  test('wants both ends of the window, and knows the call from v2.1 on only', async () => {
    expect(await codeOf('sender/update-mails')).toBe(-2062);
    expect(await codeOf('sender/update-mails?startUpdateDate=2026-11-20+12%3A00')).toBe(-9995);
    expect(await codeOf(`sender/update-mails?${WINDOW}`, { version: 'v2.0' })).toBe(-9998);
    expect(await codeOf('stats?eventCategory=MESSAGE', { version: 'v2.0' })).toBe(-9998);
  });

  test('wants the secret with every call, and takes both spellings of the path', async () => {
    for (const call of [
      `sender/update-mails?${WINDOW}`,
      'stats?eventCategory=MESSAGE',
      'templates',
      'block-receivers',
    ]) {
      expect(await codeOf(call, { secret: 'wrong' })).toBe(-1004);
      expect(await codeOf(call, { keys: 'appkeys' })).toBe(0);
    }
  });

  test('counts events beside the header, not in a body', async () => {
    await send('open@x.kr', 'bounce@x.kr', 'sent@x.kr');
    fixture.advance(1000);
    const events = { REQUESTED: 3, SENT: 2, SENT_FAILED: 1, RECEIVED: 1, OPENED: 1 };
    expect((await get('stats/total?eventCategory=MESSAGE')).json).toEqual({ header: expect.anything(), total: events });
    expect((await get('stats?eventCategory=MESSAGE&timeUnit=HOURS')).json).toEqual({
      header: expect.anything(),
      stats: [{ eventDateTime: '2026-11-20T12:00:00.000+09:00', events }],
    });
    expect(await codeOf('stats')).toBe(-2200);
    expect(await codeOf('stats?eventCategory=MESSAGE&from=2026-01-01T00%3A00%3A00.000%2B09%3A00')).toBe(-2202);
  });
});
