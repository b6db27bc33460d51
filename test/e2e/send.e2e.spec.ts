import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  onEachQueue,
  useSharedGateway,
  type RecipientView,
  unique,
} from '@gateway/testing';

const statusesOf = (recipients: readonly RecipientView[]) =>
  Object.fromEntries(recipients.map(({ address, status, reason }) => [address.split('@')[0], [status, reason]]));

onEachQueue('sending', (queue) => {
  const actors = useSharedGateway(queue);

  it('takes the smallest message and brings it to its recipient', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const answer = await gateway.post('/v1/messages', { from, to: 'kim@example.com', subject: 'Hi', text: 'a < b' });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      status: 'queued',
      category: 'transactional',
      delivery: 'individual',
      provider: 'auto',
      routing: { provider: 'ncp', failovers: [] },
      recipientCount: 1,
      suppressedCount: 0,
      batchCount: 1,
      counts: { queued: 1, delivered: 0 },
      sendAt: null,
      warnings: [],
    });
    const { id } = answer.body as unknown as { id: string };
    expect(id).toMatch(/^msg_[0-9a-z]{26}$/);
    expect(answer.headers.get('location')).toBe(`/v1/messages/${id}`);
    expect(await gateway.waitUntil(id, ({ counts }) => counts.delivered === 1)).toMatchObject({
      id,
      status: 'completed',
    });
    expect(await simulator.mails(from)).toEqual([
      expect.objectContaining({ address: 'kim@example.com', subject: 'Hi', body: expect.stringContaining('a &lt; b') }),
    ]);
  });

  describe.each(['ncp', 'nhn'])('through %s', (provider) => {
    it.each([
      ['transactional', 'individual'],
      ['transactional', 'shared'],
      ['marketing', 'individual'],
      ['marketing', 'shared'],
      ['authentication', 'individual'],
    ])('%s, %s', async (category, delivery) => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const addresses = category === 'authentication' ? ['kim@example.com'] : ['kim@example.com', 'lee@example.com'];
      const message = aMessage()
        .from(from)
        .to(...addresses)
        .through(provider)
        .with({ category, delivery });
      const { id } = await gateway.send(message);
      // NHN first reports `sent`, which completes the message, and the receipt later.
      const final = await gateway.waitUntil(id, ({ counts }) => counts.delivered === addresses.length);
      expect(final).toMatchObject({ status: 'completed', category, delivery, provider, routing: { provider } });
      const mails = await simulator.mails(from);
      expect(mails.map(({ address }) => address)).toEqual(addresses);
      expect(new Set(mails.map((mail) => mail.provider))).toEqual(new Set([provider]));
      expect(await simulator.summary(from)).toMatchObject({ requests: 1, repeatedAddresses: { count: 0 } });
    });
  });

  it('follows every recipient to what became of it, NCP', async () => {
    const { gateway } = actors;
    const words = ['ok', 'bounce+unknown_user', 'bounce+mailbox_full', 'fail', 'unverified', 'cancelled', 'invalid'];
    const message = aMessage()
      .to(...words.map((word) => `${word}@example.com`))
      .through('ncp');
    const { id, counts, status } = await gateway.deliver(message);
    expect(status).toBe('partially_failed');
    const recipients = await gateway.recipients(id);
    expect(statusesOf(recipients)).toMatchObject({
      ok: ['delivered', null],
      'bounce+unknown_user': ['bounced', 'unknown_user'],
      'bounce+mailbox_full': ['bounced', 'mailbox_full'],
      fail: ['failed', expect.any(String)],
      cancelled: ['cancelled', null],
    });
    const [ok, hard, soft] = recipients;
    expect(ok).toMatchObject({ position: 0, final: true, deliveredAt: expect.any(String), bounceType: null });
    expect(hard).toMatchObject({ position: 1, bounceType: 'hard', provider: { name: 'ncp' } });
    expect(hard?.provider.message).toContain('550 5.1.1');
    expect(soft).toMatchObject({ bounceType: 'soft' });
    expectCountsOfRows(counts, recipients);
  });

  it('follows every recipient to what became of it, NHN', async () => {
    const { gateway } = actors;
    const words = ['ok', 'sent', 'bounce+unknown_user', 'unverified', 'whitelist', 'invalid', 'open'];
    const message = aMessage()
      .to(...words.map((word) => `${word}@example.com`))
      .through('nhn');
    const { id, status } = await gateway.deliver(message);
    expect(status).toBe('partially_failed');
    const recipients = await eventually(async () => {
      const now = await gateway.recipients(id);
      expect(now.find(({ address }) => address.startsWith('open'))?.openedAt).toEqual(expect.any(String));
      return now;
    });
    expect(statusesOf(recipients)).toMatchObject({
      ok: ['delivered', null],
      sent: ['sent', null],
      'bounce+unknown_user': ['failed', expect.any(String)],
      unverified: ['rejected', 'sender_not_verified'],
      whitelist: ['rejected', 'blocked_policy'],
      invalid: ['rejected', 'invalid_address'],
      open: ['delivered', null],
    });
    expect(recipients.find(({ address }) => address.startsWith('sent'))).toMatchObject({ final: false });
    expectCountsOfRows((await gateway.message(id)).counts, recipients);
    const events = await gateway.events(id);
    expect(events).toContainEqual(expect.objectContaining({ type: 'recipient.opened', address: 'open@example.com' }));
  });

  it('reports unsubscribed recipients of an advertisement, which are no failures', async () => {
    const { gateway } = actors;
    for (const provider of ['ncp', 'nhn']) {
      // A reported opt-out is remembered, so each run needs a new recipient.
      const leaver = unique('unsubscribed.');
      const message = aMessage().marketing().through(provider).to('ok@example.com', `${leaver}@example.com`);
      const { id } = await gateway.send(message);
      const { status, counts } = await gateway.waitUntil(id, (now) => now.counts.delivered === 1);
      expect([status, counts.unsubscribed]).toEqual(['completed', 1]);
      expect(statusesOf(await gateway.recipients(id))).toMatchObject({
        [leaver]: ['unsubscribed', expect.anything()],
      });
      const again = await gateway.send(message);
      expect(again.suppressedCount).toBe(1);
    }
  });

  it('keeps the status of a recipient, and reports an event, when the provider answers an unknown status', async () => {
    const { gateway } = actors;
    for (const provider of ['ncp', 'nhn']) {
      const { id } = await gateway.send(aMessage().through(provider).to('unknownstatus@example.com', 'ok@example.com'));
      await eventually(async () => {
        const types = (await gateway.events(id)).map(({ type }) => type);
        expect(types).toContain('provider.unknown_status');
      });
      const message = await gateway.waitUntil(id, ({ counts }) => counts.delivered === 1);
      expect(message.status).toBe('sending');
    }
  });

  it('shows the timeline in order', async () => {
    const { gateway } = actors;
    const { id } = await gateway.deliver(aMessage().through('ncp').to('a@example.com', 'b@example.com'));
    const events = await gateway.events(id);
    expect(events.map(({ type, address }) => (address === undefined ? type : `${type} ${address}`))).toEqual([
      'message.accepted',
      'batch.dispatched',
      'batch.accepted',
      'recipient.delivered a@example.com',
      'recipient.delivered b@example.com',
      'message.completed',
    ]);
    const times = events.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    expect(new Set(events.map((event) => event.messageId))).toEqual(new Set([id]));
  });
});

function expectCountsOfRows(counts: Readonly<Record<string, number>>, recipients: readonly RecipientView[]): void {
  const rows: Record<string, number> = {};
  for (const { status } of recipients) rows[status] = (rows[status] ?? 0) + 1;
  expect(Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0))).toEqual(rows);
}
