import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, ncpMail, nhnEachMail, type Fixture } from '../testing/simulator.fixture.js';

describe('addresses that refuse ad mail', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const outcomes = async (provider: string) => {
    fixture.advance(1_000);
    const { json } = await fixture.call('GET', '/control/summary');
    return json[provider]?.['states'];
  };

  test('NCP counts, lists and forgets unsubscribers', async () => {
    const both = { blockedReceivers: ['a@x.kr', 'A@x.kr', 'nobody'] };
    const added = await fixture.ncp('POST', '/unsubscribers', both);
    expect(added).toMatchObject({ status: 201, json: { count: 1, requestCount: 3, ignoreCount: 2 } });
    expect((await fixture.ncp('GET', '/unsubscribers?emailAddress=a@x.kr')).json['content']).toMatchObject([
      { address: 'a@x.kr', isRegByManager: true, blockDate: { formattedDate: '2026-11-20' } },
    ]);
    const removed = await fixture.ncp('DELETE', '/unsubscribers', { blockedReceivers: ['a@x.kr', 'b@x.kr'] });
    expect(removed).toMatchObject({ status: 200, json: { count: 1, requestCount: 2, ignoreCount: 1 } });
    expect((await fixture.ncp('GET', '/unsubscribers')).json).toMatchObject({ totalElements: 0 });
    expect(await fixture.ncp('POST', '/unsubscribers', {})).toMatchObject({ json: { error: { code: '77102' } } });
  });

  test('NCP does not send them ad mail, and sends them other mail', async () => {
    await fixture.ncp('POST', '/unsubscribers', { blockedReceivers: ['kim@example.org'] });
    await fixture.ncp('POST', '/mails', ncpMail({ advertising: true }));
    await fixture.ncp('POST', '/mails', ncpMail());
    expect(await outcomes('ncp')).toEqual({ unsubscribed: 1, sent: 1 });
  });

  test('NHN registers, lists and deletes by PUT', async () => {
    const entry = { mailAddress: 'a@x.kr', blockDate: '2026-11-01 10:00:00' };
    const added = await fixture.nhn('POST', '/block-receivers', { blockReceiverList: [entry] });
    expect(added.json).toEqual({
      header: { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' },
      body: null,
    });
    expect((await fixture.nhn('GET', '/block-receivers?mailAddress=a@x.kr')).json['body']).toMatchObject({
      totalCount: 1,
      data: [{ mailAddress: 'a@x.kr', blockDate: '2026-11-01 10:00:00.0' }],
    });
    const list = [{ mailAddress: 'a@x.kr' }];
    const codeOf = async (method: 'POST' | 'PUT', body: unknown) =>
      (await fixture.nhn(method, '/block-receivers', body)).json['header']?.['resultCode'];
    expect(await codeOf('POST', { blockReceiverList: list })).toBe(-2304);
    expect(await codeOf('POST', { blockReceiverList: [] })).toBe(-2305);
    expect(await codeOf('POST', { blockReceiverList: [{ mailAddress: 'a' }] })).toBe(-2308);
    expect(await codeOf('POST', { blockReceiverList: new Array(1_001).fill(list[0]) })).toBe(-2303);
    expect(await codeOf('PUT', { deleted: false, blockReceiverList: list })).toBe(-2302);
    expect(await codeOf('PUT', { deleted: true, blockReceiverList: list })).toBe(0);
    expect((await fixture.nhn('GET', '/block-receivers')).json['body']).toMatchObject({ totalCount: 0 });
  });

  test('NHN accepts ad mail to them and then does not send it', async () => {
    await fixture.nhn('POST', '/block-receivers', { blockReceiverList: [{ mailAddress: 'a@x.kr' }] });
    await fixture.nhn('POST', '/sender/ad-eachMail', nhnEachMail(['a@x.kr', 'b@x.kr'], { title: '(광고) Sale' }));
    expect(await outcomes('nhn')).toEqual({ unsubscribed: 1, sent: 1 });
  });

  test('unauthenticated senders do not reach the guarded mailbox providers', async () => {
    fixture.simulator.change({ unauthenticatedSenderDomains: ['shop.example'] });
    await fixture.nhn('POST', '/sender/eachMail', nhnEachMail(['a@gmail.com', 'b@x.kr']));
    expect(await outcomes('nhn')).toEqual({ unverified: 1, sent: 1 });
  });
});
