import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { aMessage, aSender, eventually, useOwnGateway } from '@gateway/testing';

/** As below: how long a request must stay absent before it is sent again. */
const SETTLE_MS = 1500;

describe('mail through SENS', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { ACCOUNTS: 'ncp,nhn,sens', SETTLE_MS: String(SETTLE_MS) } });
  afterEach(async () => {
    await actors.simulator.endAllTrouble();
    await set({ detailBody: 'rendered', retryAfterSeconds: 0, rows: 'full' });
  });

  const set = (sens: object) => actors.simulator.change({ sens });
  const toSens = (from: string) => aMessage().from(from).through('sens');
  const typesOf = async (id: string) => (await actors.gateway.events(id)).map(({ type }) => type);

  it('shows what the account can do', async () => {
    const { data } = await actors.gateway.get<{ data: readonly Record<string, unknown>[] }>('/v1/providers');
    expect(data.map(({ name }) => name)).toEqual(['ncp', 'nhn', 'sens']);
    expect(data[2]).toMatchObject({
      kind: 'sens',
      version: 'v2',
      capabilities: { doubt: 'lookup', tracking: ['poll'] },
      limits: { recipientsPerSharedMail: 30, attachmentCount: 0 },
    });
  });

  it.each([
    ['transactional', 'individual'],
    ['transactional', 'shared'],
    ['marketing', 'individual'],
    ['authentication', 'individual'],
  ])('brings %s, %s mail to its recipients', async (category, delivery) => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const addresses = category === 'authentication' ? ['kim@example.com'] : ['kim@example.com', 'lee@example.com'];
    const message = toSens(from)
      .to(...addresses)
      .with({ category, delivery });
    const { id } = await gateway.send(message);
    const final = await gateway.waitUntil(id, ({ counts }) => counts.delivered === addresses.length);
    expect(final).toMatchObject({ status: 'completed', routing: { provider: 'sens', failovers: [] } });
    const mails = await simulator.mails(from);
    expect(mails.map(({ address, provider }) => [address, provider])).toEqual(addresses.map((one) => [one, 'sens']));
    expect(mails[0]?.body).toMatch(/<!-- bat_[0-9a-z]{26}\.1 -->/);
    expect(await simulator.summary(from)).toMatchObject({ requests: 1, repeatedAddresses: { count: 0 } });
  });

  it.each(['full', 'bare'])('follows every recipient to what became of it: %s', async (rows) => {
    const { gateway } = actors;
    await set({ rows });
    const fates = {
      ok: ['delivered', null],
      'bounce+unknown_user': ['bounced', 'unknown_user'],
      'bounce+mailbox_full': ['bounced', 'mailbox_full'],
      fail: ['failed', 'unknown'],
      [`unsubscribed.${rows}`]: ['unsubscribed', 'recipient_opted_out'],
      cancelled: ['cancelled', null],
    };
    const message = toSens(aSender())
      .marketing()
      .to(...Object.keys(fates).map((word) => `${word}@example.com`));
    const { id } = await gateway.deliver(message);
    const recipients = await gateway.recipients(id);
    const seen = recipients.map(({ address, status, reason }) => [address.split('@')[0], [status, reason]]);
    expect(Object.fromEntries(seen)).toEqual(fates);
  });

  it('keeps a state that no document lists as an event', async () => {
    const { gateway } = actors;
    const { id } = await gateway.send(toSens(aSender()).to('unknownstatus@example.com'));
    await eventually(async () => expect(await typesOf(id)).toContain('provider.unknown_status'));
    expect((await gateway.message(id)).status).toBe('sending');
  });

  it('asks no sooner than SENS wants to be asked', async () => {
    const { gateway, simulator } = actors;
    await set({ retryAfterSeconds: 604_800 });
    const from = aSender();
    const { id } = await gateway.send(toSens(from).to('slow+600ms@example.com'));
    // The first poll finds it under way; an hour is the most that it is put off.
    const batches = await eventually(async () => {
      const [batch] = await gateway.batches(id);
      const waitMs = Date.parse(String(batch?.nextPollAt)) - Date.now();
      expect(waitMs).toBeGreaterThan(3_000_000);
      return waitMs;
    });
    expect(batches).toBeLessThanOrEqual(3_600_000);
    expect(await simulator.summary(from)).toMatchObject({ requests: 1 });
  });

  it('adopts a request that was taken without an answer, by the marker in its body', async () => {
    const { gateway, simulator } = actors;
    for (const category of ['transactional', 'marketing', 'authentication']) {
      const from = aSender();
      const fault = { kind: 'accept_then_drop', provider: 'sens', operation: 'send', sender: from } as const;
      await simulator.trouble(fault);
      const message = await gateway.deliver(toSens(from).with({ category }));
      expect({ category, status: message.status }).toEqual({ category, status: 'completed' });
      const types = await typesOf(message.id);
      expect(types.slice(1, 4)).toEqual(['batch.dispatched', 'batch.unconfirmed', 'batch.adopted']);
      expect(await simulator.summary(from)).toMatchObject({ requests: 1, repeatedAddresses: { count: 0 } });
    }
  });

  it('tells two equal messages in doubt apart', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    await simulator.trouble({ kind: 'accept_then_drop', provider: 'sens', operation: 'send', sender: from, times: 2 });
    const sent = await Promise.all([1, 2].map(() => gateway.send(toSens(from).to('kim@example.com'))));
    await Promise.all(sent.map(({ id }) => gateway.waitUntilFinal(id)));
    const ids = await Promise.all(sent.map(async ({ id }) => (await gateway.batches(id))[0]?.providerRequestId));
    const mails = await simulator.mails(from);
    expect(new Set(ids)).toEqual(new Set(mails.map(({ requestId }) => requestId)));
    for (const [n, { id }] of sent.entries()) {
      const [batch] = await gateway.batches(id);
      expect(mails.find(({ requestId }) => requestId === ids[n])?.body).toContain(batch?.id);
    }
  });

  it('sends again what SENS does not have, once', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    await gateway.deliver(toSens(from).to('kim@example.com'));
    await simulator.trouble({ kind: 'drop', provider: 'sens', operation: 'send', sender: from });
    const message = await gateway.deliver(toSens(from).to('lee@example.com'));
    expect(await typesOf(message.id)).toContain('batch.resent');
    expect(await simulator.summary(from)).toMatchObject({ requests: 2, repeatedAddresses: { count: 0 } });
  });

  it.each(['without-comments', 'absent'])(
    'neither adopts nor repeats a request whose marker cannot be read back: %s',
    async (detailBody) => {
      const { gateway, simulator } = actors;
      await set({ detailBody });
      const from = aSender();
      await simulator.trouble({ kind: 'accept_then_drop', provider: 'sens', operation: 'send', sender: from });
      const { id } = await gateway.send(toSens(from).to('kim@example.com'));
      await gateway.waitUntil(id, ({ counts }) => counts.unconfirmed === 1);
      await sleep(SETTLE_MS + 1500);
      const [batch] = await gateway.batches(id);
      expect(batch).toMatchObject({ status: 'unconfirmed', providerRequestId: null });
      expect(JSON.stringify(batch)).toContain('its marker cannot be read back, so it is not adopted');
      expect(await typesOf(id)).not.toContain('batch.resent');
      expect(await simulator.summary(from)).toMatchObject({ requests: 1, repeatedAddresses: { count: 0 } });
      // The account cannot settle doubts, and says so, until a marker can be read again.
      expect(await doubtSettled()).toBe('none');
      const warned = await gateway.send(toSens(aSender()).to('kim@example.com'));
      expect(warned.warnings.join()).toContain('cannot say whether it accepted a request that it did not answer');
      // A request of the same sender that is another does not keep a doubt open.
      await set({ detailBody: 'rendered' });
      expect((await gateway.waitUntilFinal(id)).status).toBe('completed');
      expect(await doubtSettled()).toBe('lookup');
      expect((await gateway.send(toSens(aSender()).to('kim@example.com'))).warnings.join()).not.toContain('cannot say');
    },
  );

  async function doubtSettled(): Promise<string | undefined> {
    type Account = Readonly<{ name: string; capabilities: { doubt: string } }>;
    const { data } = await actors.gateway.get<{ data: readonly Account[] }>('/v1/providers');
    return data.find(({ name }) => name === 'sens')?.capabilities.doubt;
  }

  it('says at accept what SENS does not have', async () => {
    const { gateway } = actors;
    const file = await gateway.upload('a.pdf', Buffer.from('x'));
    const refusals: readonly [Readonly<Record<string, unknown>>, string, string][] = [
      [{ attachments: [file.id] }, '/attachments', 'it takes no attachments'],
      [{ category: 'marketing', delivery: 'shared' }, '/delivery', 'it sends advertisements only as individual mail'],
      [{ headers: { 'X-Order': '1' } }, '/headers', 'it takes no custom headers'],
    ];
    for (const [more, pointer, detail] of refusals) {
      const answer = await gateway.post('/v1/messages', toSens(aSender()).to('kim@example.com').with(more).build());
      expect(answer).toMatchObject({ status: 422, body: { code: 'unsupported_by_provider' } });
      expect(answer.body).toMatchObject({ errors: [{ pointer, detail: expect.stringContaining(detail) }] });
    }
    const audience = { provider: 'sens', groups: ['vip'], match: 'any' };
    const { recipients: _, ...message } = toSens(aSender()).to('kim@example.com').build() as Record<string, unknown>;
    const toList = await gateway.post('/v1/messages', { ...message, audience });
    expect(toList.status).toBe(422);
    const shared = toSens(aSender()).toMany(31).with({ delivery: 'shared' }).build();
    expect(await gateway.post('/v1/messages', shared)).toMatchObject({ status: 422 });
  });

  it('explains a service id that is refused, and lets the mail wait', async () => {
    const { gateway } = actors;
    await set({ channel: 'off' });
    const { id } = await gateway.send(toSens(aSender()).to('kim@example.com'));
    await eventually(async () => {
      const [batch] = await gateway.batches(id);
      expect(JSON.stringify(batch?.attempts)).toContain('no project of these keys has a mail service');
    });
    await set({ channel: 'on' });
    expect((await gateway.waitUntilFinal(id)).status).toBe('completed');
  });
});
