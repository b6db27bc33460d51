import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, ncpMail, signedHeaders, text, type Fixture } from '../../../testing/simulator.fixture.js';

describe('NCP lists, status and detail', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const sendTo = async (addresses: readonly string[], more: Record<string, unknown> = {}): Promise<string> => {
    const recipients = addresses.map((address) => ({ address, type: 'R' }));
    const answer = await fixture.ncp('POST', '/mails', ncpMail({ recipients, ...more }));
    return text(answer.json['requestId']);
  };
  const status = async (id: string) => (await fixture.ncp('GET', `/mails/requests/${id}/status`)).json;

  test('the status counts what happened so far', async () => {
    const id = await sendTo(
      ['a@x.kr', 'b1@x.kr', 'bounce@x.kr', 'unsubscribed@x.kr', 'cancelled@x.kr', 'slow+9s@x.kr'],
      {
        advertising: true,
      },
    );
    expect(await status(id)).toMatchObject({ readyCompleted: false, readyCount: 0, finishCount: 0, requestCount: 6 });
    fixture.advance(50);
    expect(await status(id)).toMatchObject({ readyCompleted: true, readyCount: 6, finishCount: 0 });
    fixture.advance(250);
    const later = await status(id);
    expect(later).toMatchObject({ sentCount: 2, finishCount: 5, allSentSuccess: false, reservationDate: null });
    expect(later['countsByStatus']).toEqual([
      { status: { label: 'Cancel sending', code: 'C' }, count: 1 },
      { status: { label: 'Failed to send', code: 'F' }, count: 1 },
      { status: { label: 'Sending', code: 'I' }, count: 1 },
      { status: { label: 'Sent successfully', code: 'S' }, count: 2 },
      { status: { label: 'Unsubscribe', code: 'U' }, count: 1 },
    ]);
    fixture.advance(9_000);
    expect(await status(id)).toMatchObject({ sentCount: 3, finishCount: 6 });
  });

  test('only ad mail is stopped by a refusal', async () => {
    const id = await sendTo(['unsubscribed@x.kr']);
    fixture.advance(1_000);
    expect(await status(id)).toMatchObject({ allSentSuccess: true });
  });

  test('mails are paged, filtered and found again by id', async () => {
    const id = await sendTo(['a@x.kr', 'bounce+mailbox_full.7@x.kr', 'c@x.kr'], { referencesHeader: '<bat_1.1@m.x>' });
    fixture.advance(1_000);
    const page = (await fixture.ncp('GET', `/mails/requests/${id}/mails?size=2&page=1`)).json;
    expect(page).toMatchObject({ totalElements: 3, totalPages: 2, numberOfElements: 1, first: false, last: true });
    const failed = (await fixture.ncp('GET', `/mails/requests/${id}/mails?sendStatus=F&sendStatus=PF`)).json;
    expect(failed['content']).toHaveLength(1);
    const mail = failed['content']?.[0] ?? {};
    expect(mail).toMatchObject({ representativeRecipient: 'bounce+mailbox_full.7@x.kr', emailStatus: { code: 'F' } });
    const detail = (await fixture.ncp('GET', `/mails/${text(mail['mailId'])}`)).json;
    expect(detail).toMatchObject({ requestId: id, referencesHeader: '<bat_1.1@m.x>', body: '<p>Order ${no}</p>' });
    expect(detail['recipients']).toMatchObject([
      { sendResultCode: 'MAILBOX_ERROR', sendResultMessage: '452 4.2.2 Mailbox is over quota\n' },
    ]);
    expect(detail['requestDate']).toMatchObject({ formattedDateTime: '2026-11-20 12:00:00 000' });
  });

  test('shared mail has one status for its recipients', async () => {
    const id = await sendTo(['a@x.kr', 'bounce@x.kr'], { individual: false });
    fixture.advance(1_000);
    expect((await status(id))['countsByStatus']).toMatchObject([{ status: { code: 'PF' }, count: 1 }]);
    const page = (await fixture.ncp('GET', `/mails/requests/${id}/mails`)).json;
    expect(page['content']?.[0]).toMatchObject({ representativeRecipient: 'a@x.kr(1)' });
  });

  test('requests are found by sender, window and recipient, in their region only', async () => {
    const id = await sendTo(['a@x.kr']);
    fixture.advance(1_000);
    const find = async (query: string) => (await fixture.ncp('GET', `/mails/requests?${query}`)).json;
    const window = 'startDateTime=2026-11-20%2012:00&endDateTime=2026-11-20%2012:00:00.000';
    expect((await find(`${window}&dispatchType=API&senderAddress=no-reply@shop.example`))['content']).toMatchObject([
      { requestId: id, dispatchType: 'API', requestCount: 1, recipientCount: 1, emailStatus: { code: 'S' } },
    ]);
    for (const query of ['senderAddress=x@y.kr', 'endDateTime=2026-11-19', 'dispatchType=CONSOLE', 'sendStatus=F']) {
      expect(await find(query)).toMatchObject({ totalElements: 0 });
    }
    const elsewhere = '/api/v1-sgn/mails/requests';
    const headers = signedHeaders('GET', elsewhere, fixture.simulator.now());
    expect((await fixture.call('GET', elsewhere, undefined, headers)).json).toMatchObject({ totalElements: 0 });
  });

  test.each(['size=x', 'size=0', 'sort=name', 'sendStatus=Q', 'startDateTime=2026-13-01', 'recipient=a', 'startUtc=x'])(
    'refuses the query %s',
    async (query) => {
      expect(await fixture.ncp('GET', `/mails/requests?${query}`)).toMatchObject({
        status: 400,
        json: { error: { code: '77102' } },
      });
    },
  );

  test('unknown objects are 400 with 77103', async () => {
    for (const path of ['/mails/requests/20261120000000000001/status', '/mails/20261120000000000001', '/mails/x']) {
      expect(await fixture.ncp('GET', path)).toMatchObject({ status: 400, json: { error: { code: '77103' } } });
    }
  });
});
