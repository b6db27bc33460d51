import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, ncpMail, signedHeaders, type Fixture } from '../../../testing/simulator.fixture.js';

describe('NCP createMailRequest', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const send = (more: Record<string, unknown> = {}) => fixture.ncp('POST', '/mails', ncpMail(more));
  const many = (count: number, type: string) =>
    Array.from({ length: count }, (_, i) => ({ address: `user${i}@example.org`, type }));
  const badRequest = { status: 400, json: { error: { code: '77102', message: 'BAD_REQUEST' } } };

  test('answers 201 with a 20-digit request id and the number of mails', async () => {
    const answer = await send();
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({ requestId: expect.stringMatching(/^20261120\d{12}$/), count: 1 });
  });

  test('counts shared mail in batches of thirty', async () => {
    expect((await send({ individual: false, recipients: many(61, 'R') })).json).toMatchObject({ count: 3 });
  });

  test('takes 100,000 recipients and refuses one more', async () => {
    expect((await send({ recipients: many(100_000, 'R') })).json).toMatchObject({ count: 100_000 });
    expect(await send({ recipients: many(100_001, 'R') })).toMatchObject(badRequest);
  });

  test.each<[string, Record<string, unknown>]>([
    ['no sender', { senderAddress: undefined }],
    ['a portal sender', { senderAddress: 'kim@naver.com' }],
    ['a malformed sender', { senderAddress: 'kim' }],
    ['a sender name of 70 bytes', { senderName: '가'.repeat(23) + 'a' }],
    ['no title', { title: '' }],
    ['a title of 501 bytes', { title: 'a'.repeat(501) }],
    ['a title of 167 Hangul', { title: '가'.repeat(167) }],
    ['no body', { body: undefined }],
    ['a body over the limit', { body: 'a'.repeat(500_001) }],
    ['a title that is a number', { title: 5 }],
    ['a boolean in a string', { individual: 'true' }],
    ['an unknown field', { isHtml: true }],
    ['no recipients', { recipients: [] }],
    ['an unknown recipient field', { recipients: [{ address: 'a@example.org', email: 'b' }] }],
    ['a malformed recipient', { recipients: [{ address: 'a@example.org' }, { address: 'a@' }] }],
    ['a recipient name of 70 bytes', { recipients: [{ address: 'a@example.org', name: 'a'.repeat(70) }] }],
    ['a type that does not exist', { recipients: [{ address: 'a@example.org', type: 'T' }] }],
    ['a copy on individual mail', { recipients: [{ address: 'a@example.org', type: 'C' }] }],
    ['31 copies', { individual: false, recipients: many(31, 'C') }],
    ['31 blind copies', { individual: false, recipients: many(31, 'B') }],
    ['a number as parameter', { recipients: [{ address: 'a@example.org', parameters: { n: 1 } }] }],
    ['a references header without brackets', { referencesHeader: 'a@b.kr' }],
    ['a references header of 101', { referencesHeader: `<${'a'.repeat(94)}@b.kr>` }],
    ['a custom farewell that is missing', { useBasicUnsubscribeMsg: false }],
    ['a reservation in the past', { reservationUtc: Date.UTC(2026, 10, 19) }],
    ['a reservation beyond 30 days', { reservationUtc: Date.UTC(2026, 11, 21) }],
    ['a reservation in a wrong format', { reservationDateTime: '2026-11-21T10:00' }],
    ['six groups', { recipientGroupFilter: { andFilter: true, groups: ['a', 'b', 'c', 'd', 'e', 'f'] } }],
  ])('refuses %s', async (_, more) => {
    expect(await send(more)).toMatchObject(badRequest);
    expect(fixture.simulator.requests.all()).toHaveLength(0);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a template', { templateSid: '2093' }],
    ['a file', { attachFileIds: ['x-99'] }],
    ['a group', { recipientGroupFilter: { andFilter: true, groups: ['vip'] } }],
  ])('does not find %s', async (_, more) => {
    expect(await send(more)).toMatchObject({ status: 400, json: { error: { code: '77103' } } });
  });

  test('takes values exactly at the limits', async () => {
    const more = {
      title: 'a'.repeat(500),
      body: 'a'.repeat(500_000),
      senderName: '가'.repeat(23),
      referencesHeader: `<${'a'.repeat(93)}@b.kr>`,
    };
    expect((await send(more)).status).toBe(201);
    expect((await send({ individual: false, recipients: [...many(30, 'C'), ...many(30, 'B')] })).status).toBe(201);
  });

  test('the switches for unknown behaviour open up', async () => {
    fixture.simulator.change({ ncp: { unknownFields: 'ignore', invalidRecipient: 'fail-recipient' } });
    const recipients = [{ address: 'a@example.org' }, { address: 'nobody' }];
    expect((await send({ isHtml: true, recipients })).json).toMatchObject({ count: 2 });
    fixture.advance(1_000);
    const { json } = await fixture.call('GET', '/control/summary');
    expect(json['ncp']).toMatchObject({ states: { sent: 1, refused: 1 } });
  });

  test('a monthly quota refuses the request that would go over it', async () => {
    fixture.simulator.change({ ncp: { monthlyQuota: 2, quotaStyle: 'gateway' } });
    expect((await send({ recipients: many(2, 'R') })).status).toBe(201);
    expect(await send()).toMatchObject({ status: 429, json: { error: { errorCode: '400' } } });
  });

  test('broken JSON, a wrong media type, an unknown path and a wrong method', async () => {
    expect(await fixture.ncp('POST', '/mails', '{"a":')).toMatchObject(badRequest);
    expect(await fixture.ncp('POST', '/mails', '[]')).toMatchObject(badRequest);
    const headers = signedHeaders('POST', '/api/v1/mails', fixture.simulator.now());
    const text = await fixture.call('POST', '/api/v1/mails', 'x', { ...headers, 'content-type': 'text/plain' });
    expect(text).toMatchObject({ status: 415, json: { error: { code: '77002' } } });
    expect(await fixture.ncp('GET', '/nothing')).toMatchObject({ status: 404, json: { error: { errorCode: '300' } } });
    expect(await fixture.ncp('PUT', '/mails')).toMatchObject({ status: 405, json: { error: { code: '77001' } } });
  });
});
