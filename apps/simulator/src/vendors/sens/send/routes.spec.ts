import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, sensMail, type Fixture } from '../../../testing/simulator.fixture.js';

describe('SENS create mail request', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const send = (more: Record<string, unknown> = {}) => fixture.sens('POST', '/requests', sensMail(more));
  const many = (count: number, type: string) =>
    Array.from({ length: count }, (_, i) => ({ address: `user${i}@example.org`, type }));
  const group = (name: string, addresses: readonly string[]) =>
    fixture.call('PUT', '/control/sens/groups', { name, addresses });

  test('answers 202 with the request id', async () => {
    const answer = await send();
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      requestId: expect.stringMatching(/^20261120-R-[0-9A-Z]{26}-\d+$/),
      requestCount: 1,
      createDateTime: '2026-11-20T12:00:00+09:00',
    });
    fixture.simulator.change({ sens: { created: 'id-only' } });
    expect(Object.keys((await send()).json)).toEqual(['requestId']);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['no sender', 'senderAddress', { senderAddress: undefined }],
    ['a sender of 255 bytes', 'senderAddress', { senderAddress: `a@${'b'.repeat(250)}.kr` }],
    ['a sender name of 70 bytes', 'senderName', { senderName: '가'.repeat(23) + 'a' }],
    ['no title', 'title', { title: '' }],
    ['a title of 501 bytes', 'title', { title: 'a'.repeat(501) }],
    ['no body', 'body', { body: undefined }],
    ['a boolean in a string', 'individual', { individual: 'true' }],
    ['no recipients', 'recipients', { recipients: [] }],
    [
      'a malformed recipient',
      'recipients[1].address',
      { recipients: [{ address: 'a@example.org' }, { address: 'a@' }] },
    ],
    ['a type of v1', 'recipients[0].type', { recipients: [{ address: 'a@example.org', type: 'R' }] }],
    ['no recipient of type TO', 'recipients', { individual: false, recipients: many(1, 'CC') }],
    ['a copy on individual mail', 'recipients', { recipients: [...many(1, 'TO'), ...many(1, 'CC')] }],
    ['31 copies', 'recipients', { individual: false, recipients: [...many(1, 'TO'), ...many(31, 'BCC')] }],
    ['a number as value', 'recipients[0].parameters.n', { recipients: [{ address: 'a@b.kr', parameters: { n: 1 } }] }],
    ['an advertisement that is shared', 'advertising', { advertising: true, individual: false }],
    ['an own farewell that is missing', 'unsubscribeMessage', { useBasicUnsubscribeMessage: false }],
    ['a reservation in the past', 'reservationDateTime', { reservationDateTime: '2026-11-19T10:00:00Z' }],
    ['a reservation beyond 30 days', 'reservationDateTime', { reservationDateTime: '2026-12-21T10:00:00+09:00' }],
    ['a reservation without offset', 'reservationDateTime', { reservationDateTime: '2026-11-21T10:00:00' }],
    ['a template that is not there', 'templateNo', { templateNo: 7 }],
    ['a file that is not there', 'attachFileIds[0]', { attachFileIds: ['x'] }],
    ['recipients beside a filter', 'recipientGroupFilter', { recipientGroupFilter: { groups: ['vip'] } }],
  ])('refuses %s', async (_, field, more) => {
    await group('vip', ['a@x.kr']);
    const answer = await send(more);
    expect(answer).toMatchObject({ status: 400, json: { error: { errorCode: 'InvalidParameter', detail: null } } });
    expect(answer.json['error']?.['fieldErrors']).toMatchObject([{ field }]);
    expect(fixture.simulator.requests.all()).toHaveLength(0);
  });

  test('measures the body after substitution, for each recipient, with the unsubscribe text of an advertisement', async () => {
    const recipients = [
      { address: 'a@x.kr', parameters: { x: 'a' } },
      { address: 'b@x.kr', parameters: { x: 'aa' } },
    ];
    const body = `${'x'.repeat(499_999)}\${x}`;
    expect((await send({ body, recipients: recipients.slice(0, 1) })).status).toBe(202);
    expect((await send({ body, recipients })).status).toBe(400);
    expect((await send({ body, recipients: recipients.slice(0, 1), advertising: true })).status).toBe(400);
  });

  test('sends to groups, of any or of all, but only individually', async () => {
    await group('vip', ['a@x.kr', 'b@x.kr']);
    await group('new', ['b@x.kr', 'c@x.kr']);
    const filtered = (more: object, other: object = {}) =>
      send({ recipients: undefined, recipientGroupFilter: { groups: ['vip', 'new'], ...more }, ...other });
    expect((await filtered({})).json).toMatchObject({ requestCount: 3 });
    expect((await filtered({ operator: 'AND' })).json).toMatchObject({ requestCount: 1 });
    expect((await filtered({ operator: 'XOR' })).status).toBe(400);
    expect((await filtered({}, { individual: false })).status).toBe(400);
  });

  test('fields of the request replace those of its template', async () => {
    const template = { templateNo: 301, senderAddress: 'shop@x.kr', title: 'Theirs', body: '<p>Theirs</p>' };
    await fixture.call('PUT', '/control/sens/templates', template);
    await send({ templateNo: 301, senderAddress: undefined, title: 'Mine', body: undefined });
    expect(fixture.simulator.requests.all()[0]?.content).toMatchObject({
      senderAddress: 'shop@x.kr',
      title: 'Mine',
      body: '<p>Theirs</p>',
    });
  });

  test('takes unknown fields unless it is strict', async () => {
    expect((await send({ referencesHeader: '<a@b.kr>' })).status).toBe(202);
    fixture.simulator.change({ sens: { unknownFields: 'reject' } });
    expect((await send({ referencesHeader: '<a@b.kr>' })).status).toBe(400);
  });

  test('a monthly quota refuses the request that would go over it', async () => {
    fixture.simulator.change({ sens: { monthlyQuota: 2, quotaStyle: 'gateway' } });
    expect((await send({ recipients: many(2, 'TO') })).status).toBe(202);
    expect(await send()).toMatchObject({ status: 429, json: { error: { errorCode: '400' } } });
  });

  test('broken JSON, an unknown path and a wrong method', async () => {
    expect(await fixture.sens('POST', '/requests', '{"a":')).toMatchObject({ status: 400 });
    expect(await fixture.sens('GET', '/nothing')).toMatchObject({ status: 404, json: { error: { errorCode: '300' } } });
    expect(await fixture.sens('PUT', '/requests')).toMatchObject({ status: 405, json: { status: 405 } });
  });
});
