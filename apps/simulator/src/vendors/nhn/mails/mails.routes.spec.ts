import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, NHN_BASE, nhnEachMail, text, type Fixture } from '../../../testing/simulator.fixture.js';

describe('NHN sender/mails and detail', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const send = async (addresses: readonly string[], operation = 'eachMail', more: Record<string, unknown> = {}) => {
    const answer = await fixture.nhn('POST', `/sender/${operation}`, nhnEachMail(addresses, more));
    return text(answer.json['body']?.['data']?.['requestId']);
  };
  const list = async (query: string) => (await fixture.nhn('GET', `/sender/mails?${query}`)).json;
  const states = async (id: string) => {
    const { body } = await list(`requestId=${id}`);
    return (body?.['data'] as unknown as { mailStatusCode: string; isReceived: boolean; isOpened: boolean }[]).map(
      (row) => row.mailStatusCode + (row.isReceived ? ' received' : '') + (row.isOpened ? ' opened' : ''),
    );
  };

  test('receivers go through the states that their addresses ask for', async () => {
    const id = await send(
      ['a@x.kr', 'sent@x.kr', 'open@x.kr', 'bounce@x.kr', 'fail@x.kr', 'unsubscribed@x.kr', 'unverified@x.kr'].concat(
        'whitelist@x.kr',
        'unknownstatus@x.kr',
        'stuck@x.kr',
      ),
      'ad-eachMail',
      { title: '(광고) Sale' },
    );
    expect(new Set(await states(id))).toEqual(new Set(['SST0']));
    fixture.advance(150);
    expect(new Set(await states(id))).toEqual(new Set(['SST1']));
    fixture.advance(150);
    expect((await states(id)).slice(0, 3)).toEqual(['SST2', 'SST2', 'SST2']);
    fixture.advance(300);
    const delivered = ['SST2 received', 'SST2', 'SST2 received opened'];
    expect(await states(id)).toEqual([...delivered, 'SST3', 'SST3', 'SST5', 'SST7', 'SST8', 'SST9', 'SST1']);
  });

  test('finds by key in a window and pages', async () => {
    const first = await send(['a1@x.kr', 'a2@x.kr'], 'eachMail', { senderGroupingKey: 'bat_1' });
    await send(['b@x.kr'], 'eachMail', { senderGroupingKey: 'bat_2' });
    const window = 'startSendDate=2026-11-20+11%3A59&endSendDate=2026-11-20+12%3A01%3A00';
    const found = await list(`${window}&senderGroupingKey=bat_1&pageSize=1&pageNum=2`);
    expect(found['body']).toMatchObject({
      pageNum: 2,
      pageSize: 1,
      totalCount: 2,
      data: [{ requestId: first, mailSeq: 1, receiveMailAddr: 'a2@x.kr', requestDate: '2026-11-20 12:00:00' }],
    });
    expect(found['body']?.['data']?.[0]).not.toHaveProperty('dsnCode');
    expect((await list(`${window}&receiveMailAddr=b@x.kr`))['body']).toMatchObject({ totalCount: 1 });
    expect((await list(`${window}&mailStatusCode=SST2`))['body']).toMatchObject({ totalCount: 0, data: [] });
  });

  test('general mail is one mail with a list of receivers', async () => {
    const receiverList = [
      { receiveMailAddr: 'a@x.kr', receiveType: 'MRT0' },
      { receiveMailAddr: 'bounce+unknown_user@x.kr', receiveType: 'MRT1' },
    ];
    const id = await send([], 'mail', { receiverList, customHeaders: { 'X-A': 'b' } });
    fixture.advance(1_000);
    const url = `${NHN_BASE.replace('v1.5', 'v1.7')}/sender/mail/${id}/0`;
    const detail = (await fixture.call('GET', url)).json['body']?.['data'];
    expect(detail).toMatchObject({
      body: '<p>Order</p>',
      customHeaders: { 'X-A': 'b' },
      receiverList: [
        { mailSeq: 0, isReceived: true, dsnCode: '2.5.0' },
        { mailSeq: 0, isReceived: false, dsnCode: '5.1.1' },
      ],
    });
  });

  test.each([
    ['', -2049],
    ['startSendDate=2026-11-20+00%3A00', -2049],
    ['startSendDate=20261120&endSendDate=2026-11-20+00%3A00', -2000],
    ['requestId=x&pageSize=1001', -2048],
    ['requestId=x&pageNum=0', -9993],
    ['requestId=x&isReceived=Y', -9993],
    ['requestId=x&mailStatusCode=S', -5000],
    ['requestId=x&receiver=a', -9995],
  ])('refuses the query %s with %d', async (query, resultCode) => {
    expect(await list(query)).toMatchObject({ header: { isSuccessful: false, resultCode } });
  });

  test('a missing mail and a bad id have codes of their own', async () => {
    const id = await send(['a@x.kr']);
    const codeAt = async (path: string) => (await fixture.nhn('GET', path)).json['header']?.['resultCode'];
    expect(await codeAt(`/sender/mail/${id}/0`)).toBe(0);
    expect(await codeAt(`/sender/mail/${id}/1`)).toBe(-2006);
    expect(await codeAt('/sender/mail/nonsense/0')).toBe(-2007);
  });
});
