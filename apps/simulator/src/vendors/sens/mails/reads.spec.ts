import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, sensMail, text, type Fixture } from '../../../testing/simulator.fixture.js';

describe('SENS lists, request and detail', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const sendTo = async (addresses: readonly string[], more: Record<string, unknown> = {}): Promise<string> => {
    const recipients = addresses.map((address) => ({ address }));
    const answer = await fixture.sens('POST', '/requests', sensMail({ recipients, ...more }));
    return text(answer.json['requestId']);
  };
  const get = (path: string) => fixture.sens('GET', path);
  const window = 'fromDateTime=2026-11-20T00%3A00%3A00%2B09%3A00&toDateTime=2026-11-21T00%3A00%3A00Z';

  test('a request goes from PREPARING to its end, and says how long to wait until then', async () => {
    const id = await sendTo(['a@x.kr', 'bounce@x.kr']);
    const states: unknown[] = [];
    for (const ms of [0, 60, 100, 200]) {
      fixture.advance(ms);
      states.push((await get(`/requests/${id}`)).json['status']);
    }
    expect(states).toEqual(['PREPARING', 'READY', 'SENDING', 'PARTIAL_FAILED']);
    expect((await get(`/requests/${id}`)).json).toMatchObject({
      requestCount: 2,
      sentCount: 1,
      finishCount: 2,
      countsByStatus: [
        { status: 'COMPLETED', count: 1 },
        { status: 'FAILED', count: 1 },
      ],
    });
  });

  test('names the pause in retry-after only while it is not over', async () => {
    fixture.simulator.change({ sens: { retryAfterSeconds: 604_800 } });
    const id = await sendTo(['a@x.kr']);
    const headerOf = async () => (await get(`/requests/${id}`)).headers['retry-after'];
    expect(await headerOf()).toBe('604800');
    fixture.advance(1_000);
    expect(await headerOf()).toBeUndefined();
  });

  test.each([
    [['a@x.kr'], {}, 'COMPLETED'],
    [['bounce@x.kr', 'fail@x.kr'], {}, 'FAILED'],
    [['cancelled@x.kr'], {}, 'CANCELED'],
    [['unsubscribed@x.kr'], { advertising: true }, 'FAILED'],
    [['unknownstatus@x.kr'], {}, 'QUARANTINED'],
    [['a@x.kr'], { reservationDateTime: '2026-11-25T00:00:00Z' }, 'RESERVED'],
    [['a@x.kr'], { confirmAndSend: true }, 'READY'],
  ])('%j %j becomes %s', async (addresses, more, status) => {
    const id = await sendTo(addresses, more);
    fixture.advance(1_000);
    expect((await get(`/requests/${id}`)).json).toMatchObject({ status });
  });

  test('mails are hidden while the request is prepared, then paged and filtered', async () => {
    const id = await sendTo(['a@x.kr', 'bounce+mailbox_full@x.kr', 'c@x.kr']);
    expect((await get(`/requests/${id}/mails`)).json['mails']).toEqual([]);
    fixture.advance(1_000);
    const page = (await get(`/requests/${id}/mails?pageSize=2&pageNo=1`)).json;
    expect(page).toMatchObject({ totalElements: 3, mails: [{ representativeRecipient: 'a@x.kr' }] });
    const failed = (await get(`/requests/${id}/mails?status=FAILED&status=PARTIAL_FAILED`)).json['mails'];
    expect(failed).toHaveLength(1);
    const detail = (await get(`/requests/${id}/mails/${text(failed?.[0]?.['mailId'])}`)).json;
    expect(detail).toMatchObject({
      requestId: id,
      body: '<p>Order ${no}</p>',
      templateNo: null,
      recipients: [{ type: 'TO', status: 'FAILED', sendResultCode: 'MAILBOX_ERROR' }],
    });
    expect(await get(`/requests/${await sendTo(['d@x.kr'])}/mails/${text(failed?.[0]?.['mailId'])}`)).toMatchObject({
      status: 404,
    });
  });

  test('requests are found by period, sender, recipient and title', async () => {
    const id = await sendTo(['a@x.kr']);
    fixture.advance(1_000);
    const find = async (query: string) => (await get(`/requests?${window}&${query}`)).json['requests'];
    for (const query of ['senderAddress=no-reply@shop.example', 'recipientAddress=a@x.kr', 'title=Hello']) {
      expect(await find(query)).toMatchObject([{ requestId: id, status: 'COMPLETED', dispatchType: 'API' }]);
    }
    for (const query of ['senderAddress=x@y.kr', 'dispatchType=CONSOLE', 'status=FAILED']) {
      expect(await find(query)).toEqual([]);
    }
  });

  test.each([
    'title=x',
    `${window}&status=COMPLETED,FAILED`,
    `${window}&sort=title,asc`,
    `${window}&pageSize=1001`,
    'fromDateTime=2026-11-20&toDateTime=2026-11-21',
  ])('refuses the list with %j', async (query) => {
    expect(await get(`/requests?${query}`)).toMatchObject({ status: 400 });
  });

  test('each spelling of what is unknown has a switch', async () => {
    const id = await sendTo(['unsubscribed@x.kr'], { advertising: true, body: '<p>a</p><!-- bat_1.1 -->' });
    fixture.advance(1_000);
    const set = (sens: object) => void fixture.simulator.change({ sens });
    const rows = async () => (await get(`/requests/${id}/mails`)).json;
    const mailId = text((await rows())['mails']?.[0]?.['mailId']);
    const detail = async () => (await get(`/requests/${id}/mails/${mailId}`)).json;
    expect(text((await detail())['body'])).toContain('<!-- bat_1.1 -->');
    set({ detailBody: 'without-comments', optedOutStatus: 'UNSUBSCRIBED' });
    expect(text((await detail())['body'])).not.toContain('<!--');
    expect((await detail())['recipients']).toMatchObject([{ status: 'UNSUBSCRIBED' }]);
    set({ detailBody: 'absent', recipientStatus: 'absent', rows: 'bare', pageCounters: 'totalCount' });
    expect(await detail()).not.toHaveProperty('body');
    expect(await rows()).toMatchObject({ totalCount: 1 });
    expect(Object.keys((await rows())['mails']?.[0] ?? {})).toEqual(['mailId', 'status']);
    set({ countsByStatus: 'object', notFound: 'empty' });
    expect((await get(`/requests/${id}`)).json['countsByStatus']).toEqual({ FAILED: 1 });
    expect(await get('/requests/none')).toMatchObject({ status: 404, text: '' });
  });
});
