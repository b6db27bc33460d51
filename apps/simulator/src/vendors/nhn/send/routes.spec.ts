import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, NHN_BASE, nhnEachMail, type Fixture } from '../../../testing/simulator.fixture.js';

describe('NHN sender operations', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const each = (more: Record<string, unknown>) =>
    fixture.nhn('POST', '/sender/eachMail', nhnEachMail(['kim@x.kr'], more));
  const many = (count: number) => Array.from({ length: count }, (_, i) => `user${i}@x.kr`);
  const codeOf = (answer: { json: Record<string, unknown> }) =>
    (answer.json['header'] as { resultCode: number }).resultCode;

  test('a good request answers an id and a result per receiver', async () => {
    const answer = await fixture.nhn('POST', '/sender/mail', {
      ...nhnEachMail([]),
      receiverList: [
        { receiveMailAddr: 'a@x.kr', receiveName: 'A', receiveType: 'MRT0' },
        { receiveMailAddr: 'b@x.kr', receiveType: 'MRT2' },
      ],
    });
    expect(answer.json['header']).toEqual({ isSuccessful: true, resultCode: 0, resultMessage: 'success' });
    expect(answer.json['body']?.['data']).toEqual({
      requestId: expect.stringMatching(/^20261120120000[0-9a-z]{7}0$/),
      results: [
        { receiveMailAddr: 'a@x.kr', receiveName: 'A', receiveType: 'MRT0', resultCode: 0, resultMessage: 'success' },
        { receiveMailAddr: 'b@x.kr', receiveName: null, receiveType: 'MRT2', resultCode: 0, resultMessage: 'success' },
      ],
    });
  });

  test.each<[number, Record<string, unknown>]>([
    [-2001, { receiverList: [] }],
    [-2002, { senderAddress: '' }],
    [-2010, { senderAddress: 'kim@' }],
    [-2012, { receiverList: many(1_001).map((receiveMailAddr) => ({ receiveMailAddr })) }],
    [-2014, { attachFileIdList: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }],
    [-2004, { attachFileIdList: ['12'] }],
    [-2015, { title: undefined }],
    [-2016, { body: undefined }],
    [-2030, { customHeaders: { 'Reply-To': 'a@b.kr' } }],
    [-2030, { customHeaders: { 'X-A': '' } }],
    [-2030, { customHeaders: { 'X A': 'b' } }],
    [-2710, { customHeaders: { 'X-TC-ENVELOPE-FROM': 'b' } }],
    [-2031, { requestDate: '2026-11-19 00:00:00' }],
    [-2052, { requestDate: '2027-02-01 00:00:00' }],
    [-2000, { requestDate: '2026-11-31 00:00:00' }],
    [-2034, { title: 'a'.repeat(999) }],
    [-2035, { userId: 'a'.repeat(51) }],
    [-2036, { templateId: 'a'.repeat(51) }],
    [-2037, { senderName: 'a'.repeat(101) }],
    [-2038, { senderAddress: `${'a'.repeat(60)}@${'b'.repeat(40)}.kr` }],
    [-2047, { senderGroupingKey: 'a'.repeat(101) }],
    [-2107, { templateId: 'WELCOME' }],
    [-2109, { title: 'Hello ##name##' }],
    [-2005, { templateType: 'MUSTACHE' }],
    [-9995, { contentType: 'HTML' }],
    [-9997, { title: 5 }],
  ])('refuses with %d and HTTP 200: %j', async (code, more) => {
    const answer = await each(more);
    expect(answer).toMatchObject({ status: 200, json: { header: { isSuccessful: false, resultCode: code } } });
    expect(fixture.simulator.requests.all()).toHaveLength(0);
  });

  test('takes 1,000 receivers and a title of 998 characters', async () => {
    const answer = await fixture.nhn('POST', '/sender/eachMail', nhnEachMail(many(1_000), { title: '가'.repeat(998) }));
    expect(codeOf(answer)).toBe(0);
  });

  test('some bad receivers make 1000, only bad ones -2032', async () => {
    const partly = await fixture.nhn('POST', '/sender/eachMail', nhnEachMail(['a@x.kr', 'nobody', 'invalid.3@x.kr']));
    expect(partly.json).toMatchObject({
      header: { isSuccessful: true, resultCode: 1000 },
      body: { data: { results: [{ resultCode: 0 }, { resultCode: -2011 }, { resultCode: -2011 }] } },
    });
    const none = await fixture.nhn('POST', '/sender/eachMail', nhnEachMail(['nobody']));
    expect(none.json).toMatchObject({
      header: { isSuccessful: false, resultCode: -2032 },
      body: { data: { requestId: null, results: [{ resultCode: -2011 }] } },
    });
    expect(fixture.simulator.requests.all().map((request) => request.recipients.count)).toEqual([1]);
  });

  test('general mail wants a type for each receiver, individual mail knows none', async () => {
    const receiverList = [{ receiveMailAddr: 'a@x.kr' }, { receiveMailAddr: 'b@x.kr', receiveType: 'TO' }, {}];
    const general = await fixture.nhn('POST', '/sender/mail', { ...nhnEachMail([]), receiverList });
    expect(general.json['body']?.['data']?.['results']).toMatchObject([
      { resultCode: -2018 },
      { resultCode: -2019 },
      { resultCode: -2017 },
    ]);
    const typed = await each({ receiverList: [{ receiveMailAddr: 'a@x.kr', receiveType: 'MRT0' }] });
    expect(codeOf(typed)).toBe(-9995);
  });

  test('ad mail starts with the ad phrase', async () => {
    const ad = (title: string) => fixture.nhn('POST', '/sender/ad-eachMail', nhnEachMail(['a@x.kr'], { title }));
    expect(codeOf(await ad('Sale'))).toBe(-2023);
    expect(codeOf(await ad(' (광고) Sale'))).toBe(-2023);
    for (const title of ['(광고) Sale', '(AD) Sale', '(広告) Sale']) expect(codeOf(await ad(title))).toBe(0);
  });

  test('auth mail has one receiver and answers in one of two shapes', async () => {
    const body = { senderAddress: 'a@b.kr', title: 'Code', body: '##otp##' };
    const receiver = { receiveMailAddr: 'kim@x.kr', templateParameter: { otp: '551903' } };
    const answer = await fixture.nhn('POST', '/sender/auth-mail', { ...body, receiver });
    expect(answer.json['body']?.['data']?.['results']).toMatchObject([{ receiveType: null, resultCode: 0 }]);
    expect(codeOf(await fixture.nhn('POST', '/sender/auth-mail', body))).toBe(-2001);
    expect(codeOf(await fixture.nhn('POST', '/sender/auth-mail', { ...body, receiver, senderGroupingKey: 'k' }))).toBe(
      -9995,
    );
    fixture.simulator.change({ nhn: { authMailReply: 'statusCode' } });
    const old = await fixture.nhn('POST', '/sender/auth-mail', { ...body, receiver });
    expect(old.json['body']?.['data']).toEqual({ requestId: expect.any(String), statusCode: 'Y' });
  });

  test('keys, media type, broken JSON and unknown paths', async () => {
    expect(codeOf(await fixture.call('POST', '/email/v1.5/appKeys/other/sender/mail', '{}'))).toBe(-1000);
    const v2 = NHN_BASE.replace('v1.5', 'v2.1');
    expect(codeOf(await fixture.call('POST', `${v2}/sender/eachMail`, nhnEachMail(['a@x.kr'])))).toBe(-1004);
    const keyed = await fixture.call('POST', `${v2}/sender/eachMail`, nhnEachMail(['a@x.kr']), {
      'x-secret-key': 'sandbox1',
    });
    expect(codeOf(keyed)).toBe(0);
    expect(codeOf(await fixture.call('POST', `${NHN_BASE}/sender/mail`, 'x', { 'content-type': 'text/plain' }))).toBe(
      -9996,
    );
    expect(codeOf(await fixture.nhn('POST', '/sender/mail', '{"a"'))).toBe(-9997);
    expect(codeOf(await fixture.nhn('GET', '/nothing'))).toBe(-9998);
    expect(codeOf(await fixture.nhn('DELETE', '/sender/mails', '{'))).toBe(-9998);
    fixture.simulator.change({ nhn: { httpStatus: 'mapped' } });
    expect((await fixture.nhn('GET', '/nothing')).status).toBe(404);
  });
});
