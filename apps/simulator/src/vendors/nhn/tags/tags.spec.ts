import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, text, type Fixture, type Json, type Method } from '../../../testing/simulator.fixture.js';

describe('NHN tags, UIDs and tag mail', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await aSimulator();
    fixture.simulator.change({ nhn: { tags: 'active' } });
  });
  afterEach(() => fixture.close());

  const codeOf = async (answer: Promise<{ json: Json }>) => (await answer).json['header']?.['resultCode'];
  const dataOf = async (answer: Promise<{ json: Json }>) => (await answer).json['body']?.['data'];
  const tag = async (tagName: string) => text((await dataOf(fixture.nhn('POST', '/tags', { tagName })))?.['tagId']);
  const contact = (address: string) => ({ contactType: 'EMAIL_ADDRESS', contact: address });
  const register = (...uids: unknown[]) => fixture.nhn('POST', '/uids', { uids });
  const DONE = { header: { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' }, body: null };

  test.each<[Method, string]>([
    ['GET', '/tags'],
    ['POST', '/tags'],
    ['DELETE', '/tags/a'],
    ['GET', '/uids'],
    ['POST', '/uids/u/email-addresses'],
    ['POST', '/sender/tagMail'],
    ['GET', '/tagMails'],
    ['GET', '/tagMails/x/0'],
  ])('%s %s is out of support unless the setting says otherwise', async (method, path) => {
    fixture.simulator.change({ nhn: { tags: 'retired' } });
    const body = method === 'POST' ? {} : undefined;
    expect(await fixture.nhn(method, path, body)).toMatchObject({
      status: 200,
      json: { header: { isSuccessful: false, resultCode: -9998 }, body: null },
    });
    fixture.simulator.change({ nhn: { retiredReply: { httpStatus: 410, resultCode: -1, resultMessage: 'over' } } });
    const header = { isSuccessful: false, resultCode: -1, resultMessage: 'over' };
    expect(await fixture.nhn(method, path, body)).toMatchObject({ status: 410, json: { header } });
  });

  test('tags are created, renamed, listed and deleted', async () => {
    const [vip, news] = [await tag('vip'), await tag('news')];
    expect(vip).toMatch(/^[0-9a-z]{8}$/);
    expect((await fixture.nhn('PUT', `/tags/${vip}`, { tagName: 'vip2' })).json).toEqual(DONE);
    expect((await fixture.nhn('GET', '/tags?pageSize=1')).json['body']).toEqual({
      pageNum: 1,
      pageSize: 1,
      totalCount: 2,
      data: [{ tagId: vip, tagName: 'vip2', createdDate: '2026-11-20 12:00:00', updatedDate: '2026-11-20 12:00:00' }],
    });
    expect((await fixture.nhn('DELETE', `/tags/${news}`)).json).toEqual(DONE);
    expect(await codeOf(fixture.nhn('DELETE', `/tags/${news}`))).toBe(-2006);
    expect(await codeOf(fixture.nhn('POST', '/tags', {}))).toBe(-7001);
    expect(await codeOf(fixture.nhn('POST', '/tags', { name: 'a' }))).toBe(-9995);
  });

  test('2,048 tags and not one more', async () => {
    for (let n = 0; n < 2_048; n += 1) await tag(`t${n}`);
    expect(await codeOf(fixture.nhn('POST', '/tags', { tagName: 'a' }))).toBe(-7001);
  });

  test('UIDs are registered, appended to, read and deleted', async () => {
    const vip = await tag('vip');
    expect((await register({ uid: 'u-77', tagIds: [vip], contacts: [contact('mina@x.kr')] })).json).toEqual(DONE);
    await register({ uid: 'u-77', contacts: [contact('MINA@x.kr'), contact('m2@x.kr')] });
    expect((await fixture.nhn('POST', '/uids/u-77/email-addresses', { emailAddress: 'm3@x.kr' })).json).toEqual(DONE);
    expect((await fixture.nhn('DELETE', '/uids/u-77/email-addresses/m2@x.kr')).json).toEqual(DONE);
    expect(await codeOf(fixture.nhn('DELETE', '/uids/u-77/email-addresses/m2@x.kr'))).toBe(-2006);
    const createdDate = '2026-11-20 12:00:00';
    expect(await dataOf(fixture.nhn('GET', '/uids/u-77'))).toEqual({
      uid: 'u-77',
      tags: [{ tagId: vip, tagName: 'vip', createdDate, updatedDate: createdDate }],
      contacts: [
        { contactType: 'EMAIL_ADDRESS', contact: 'mina@x.kr', createdDate },
        { contactType: 'EMAIL_ADDRESS', contact: 'm3@x.kr', createdDate },
      ],
    });
    await fixture.nhn('DELETE', `/tags/${vip}`);
    fixture.simulator.change({ nhn: { uidDateNames: 'createDate' } });
    expect(await dataOf(fixture.nhn('GET', '/uids/u-77'))).toMatchObject({
      tags: [],
      contacts: [{ createDate: createdDate }, {}],
    });
    expect((await fixture.call('GET', '/control/tags')).json['data']).toMatchObject([
      { tags: [], uids: [{ uid: 'u-77', contacts: ['mina@x.kr', 'm3@x.kr'] }] },
    ]);
    expect((await fixture.nhn('DELETE', '/uids/u-77')).json).toEqual(DONE);
    expect(await codeOf(fixture.nhn('GET', '/uids/u-77'))).toBe(-2006);
  });

  test.each<[number, unknown]>([
    [-7006, {}],
    [-7006, { uids: [] }],
    [-9995, { uid: 'a', contacts: [] }],
    [-7004, { uids: [{ contacts: [] }] }],
    [-7004, { uids: [{ uid: 'a,b' }] }],
    [-7001, { uids: [{ uid: 'a' }] }],
    [-7001, { uids: [{ uid: 'a', tagIds: ['none'] }] }],
    [-7001, { uids: [{ uid: 'a', contacts: [{ contactType: 'PHONE', contact: 'a@x.kr' }] }] }],
    [-7005, { uids: [{ uid: 'a', contacts: [{ contactType: 'EMAIL_ADDRESS', contact: 'a@' }] }] }],
    [-9997, { uids: ['a'] }],
  ])('refuses a registration with %d: %j', async (code, body) => {
    expect(await codeOf(fixture.nhn('POST', '/uids', body))).toBe(code);
    expect(await dataOf(fixture.nhn('GET', '/uids'))).toEqual({ uids: [], isLast: true, totalCount: 0 });
  });

  test('sixteen tags for a UID, and the flat form where the setting says so', async () => {
    const tagIds: string[] = [];
    for (let n = 0; n < 17; n += 1) tagIds.push(await tag(`t${n}`));
    expect(await codeOf(register({ uid: 'a', tagIds: tagIds.slice(0, 16) }))).toBe(0);
    expect(await codeOf(register({ uid: 'a', tagIds: tagIds.slice(16) }))).toBe(-7001);
    fixture.simulator.change({ nhn: { uidsForm: 'flat' } });
    expect(await codeOf(fixture.nhn('POST', '/uids', { uid: 'b', contacts: [contact('b@x.kr')] }))).toBe(0);
    expect(await codeOf(register({ uid: 'b' }))).toBe(-9995);
  });

  test('the list is narrowed by an expression and by offsets', async () => {
    const [a, b] = [await tag('a'), await tag('b')];
    await register({ uid: 'u1', tagIds: [a] }, { uid: 'u2', tagIds: [a, b] }, { uid: 'u3', tagIds: [b] });
    const list = async (query: string) => {
      const data = await dataOf(fixture.nhn('GET', `/uids${query}`));
      const uids = (data?.['uids'] as unknown as { uid: string }[]).map(({ uid }) => uid);
      return [uids.join(), data?.['isLast'], data?.['totalCount']];
    };
    expect(await list('')).toEqual(['u1,u2,u3', true, 3]);
    expect(await list(`?wheres=${a},AND,${b}`)).toEqual(['u2', true, 1]);
    expect(await list(`?wheres=${a},OR,${b}&limit=2`)).toEqual(['u1,u2', false, 3]);
    expect(await list('?offset=1&limit=1')).toEqual(['u2', false, 3]);
    expect(await list('?offsetUid=u1')).toEqual(['u2,u3', true, 3]);
    expect(await codeOf(fixture.nhn('GET', `/uids?wheres=${a},AND`))).toBe(-7001);
  });

  describe('mail', () => {
    const mail = (more: Record<string, unknown> = {}) =>
      fixture.nhn('POST', '/sender/tagMail', {
        senderAddress: 'news@shop.example',
        title: 'Club letter',
        body: '<p>letter</p>',
        tagExpression: [a, 'OR', b],
        userId: 'crm',
        ...more,
      });
    const window = 'startSendDate=2026-11-20+00%3A00&endSendDate=2026-11-21+00%3A00';
    const status = async () => (await dataOf(fixture.nhn('GET', `/tagMails?${window}`)))?.[0]?.['tagSendStatus'];
    let [a, b] = ['', ''];
    beforeEach(async () => {
      [a, b] = [await tag('a'), await tag('b')];
      await register(
        { uid: 'u1', tagIds: [a], contacts: [contact('open@x.kr'), contact('bounce@x.kr')] },
        { uid: 'u2', tagIds: [b], contacts: [contact('OPEN@x.kr'), contact('kim@x.kr')] },
      );
    });

    test('goes through its statuses to every address once', async () => {
      const sent = await mail();
      expect(sent.json).toMatchObject({ header: { resultCode: 0 }, body: { data: { requestId: expect.any(String) } } });
      const requestId = text(sent.json['body']?.['data']?.['requestId']);
      const seen = [await status()];
      for (const ms of [25, 25, 100, 150, 300]) {
        fixture.advance(ms);
        seen.push(await status());
      }
      expect(seen).toEqual(['WAIT', 'READY', 'SENDWAIT', 'SENDING', 'COMPLETE', 'COMPLETE']);
      expect(await dataOf(fixture.nhn('GET', `/tagMails?requestId=${requestId}`))).toMatchObject([
        {
          tagExpression: [a, 'OR', b],
          senderMailAddress: 'news@shop.example',
          attachYn: 'N',
          adYn: 'N',
          createUser: 'crm',
        },
      ]);
      expect(await dataOf(fixture.nhn('GET', `/tagMails/${requestId}`))).toMatchObject([
        {
          mailSequence: 0,
          receiveMail: 'OPEN@x.kr',
          mailStatusCode: 'SST2',
          readYn: 'Y',
          readDate: '2026-11-20 12:00:00.0',
        },
        { mailSequence: 1, receiveMail: 'bounce@x.kr', mailStatusCode: 'SST3', readYn: 'N', readDate: null },
        { mailSequence: 2, receiveMail: 'kim@x.kr', mailStatusCode: 'SST2' },
      ]);
      expect(await dataOf(fixture.nhn('GET', `/tagMails/${requestId}?receiveStatus=SST3`))).toHaveLength(1);
      expect(await dataOf(fixture.nhn('GET', `/tagMails/${requestId}?receiveMail=KIM@x.kr`))).toHaveLength(1);
      expect(await dataOf(fixture.nhn('GET', `/tagMails/${requestId}/1`))).toMatchObject({
        senderMail: 'news@shop.example',
        body: '<p>letter</p>',
        receivers: [{ mailSequence: '1', receiveMailAddr: 'bounce@x.kr', receiveType: 'MRT0' }],
        attachFileList: [],
      });
      expect(await codeOf(fixture.nhn('GET', `/tagMails/${requestId}/3`))).toBe(-2006);
      expect(await codeOf(fixture.nhn('GET', '/tagMails/x'))).toBe(-2006);
      expect(await dataOf(fixture.nhn('GET', `/sender/mails?${window}`))).toEqual([]);
    });

    test('waits for the console when it is not to be sent by itself', async () => {
      await mail({ autoSendYn: 'N' });
      fixture.advance(60_000);
      expect(await status()).toBe('SENDREADY');
    });

    test.each<[number, Record<string, unknown>]>([
      [-7002, { tagExpression: undefined }],
      [-7001, { tagExpression: ['a', 'b'] }],
      [-9997, { tagExpression: [5] }],
      [-2046, { adYn: 'yes' }],
      [-2046, { autoSendYn: 'y' }],
      [-2023, { adYn: 'Y' }],
      [-2002, { senderAddress: undefined }],
      [-2015, { title: undefined }],
      [-2004, { attachFileIdList: [1] }],
      [-9995, { templateParameter: {} }],
      [-9995, { senderGroupingKey: 'k' }],
    ])('refuses with %d: %j', async (code, more) => {
      expect(await codeOf(mail(more))).toBe(code);
      expect(fixture.simulator.requests.all()).toHaveLength(0);
    });

    test('the list wants a request or both dates, and knows the statuses', async () => {
      expect(await codeOf(fixture.nhn('GET', '/tagMails?startSendDate=2026-11-20+00%3A00'))).toBe(-2049);
      expect(await codeOf(fixture.nhn('GET', `/tagMails?${window}&sendStatus=DONE`))).toBe(-5000);
      await mail({ adYn: 'Y', title: '(광고) Letter', tagExpression: ['none'] });
      fixture.advance(1_000);
      expect(await dataOf(fixture.nhn('GET', `/tagMails?${window}&sendStatus=COMPLETE`))).toMatchObject([
        { adYn: 'Y' },
      ]);
      expect(await dataOf(fixture.nhn('GET', `/tagMails?${window}&senderMail=other@x.kr`))).toEqual([]);
    });
  });
});
