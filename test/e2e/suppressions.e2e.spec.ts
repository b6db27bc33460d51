import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  unique,
  useSharedGateway,
  type MessageBuilder,
  type MessageView,
  type PageView,
} from '@gateway/testing';

interface SuppressionView {
  readonly address: string;
  readonly scope: string;
  readonly reason: string | null;
  readonly source: string;
}

describe('suppressions', () => {
  const actors = useSharedGateway('postgres');
  const anAddress = (): string => `${unique('s-')}x@example.com`;
  const suppress = (scope: string, ...addresses: readonly string[]) =>
    actors.gateway.post<{ added: number; ignored: number }>('/v1/suppressions', { addresses, scope, reason: 'asked' });
  const list = (address: string) => actors.gateway.get<PageView<SuppressionView>>('/v1/suppressions', { address });

  /** Sends, and waits for proof of receipt: what is only sent counts as complete too. */
  const deliver = async (message: MessageBuilder, delivered: number): Promise<MessageView> => {
    const { id } = await actors.gateway.send(message);
    return actors.gateway.waitUntil(id, ({ counts }) => counts.delivered === delivered);
  };

  it('keeps one entry for an address, however it is written, until it is taken off', async () => {
    const address = anAddress();
    expect((await suppress('marketing', address, address.toUpperCase())).body).toEqual({ added: 1, ignored: 1 });
    expect((await suppress('marketing', address)).body).toEqual({ added: 0, ignored: 1 });
    expect((await list(address)).data).toMatchObject([{ address, scope: 'marketing', reason: 'asked', source: 'api' }]);
    const path = `/v1/suppressions/${encodeURIComponent(address)}`;
    expect((await actors.gateway.call('DELETE', path)).status).toBe(204);
    expect((await list(address)).data).toEqual([]);
    expect((await actors.gateway.call('DELETE', path)).status).toBe(404);
  });

  it.each(['ncp', 'nhn'])(
    'skips and reports who opted out of advertisements, but not of receipts, on %s',
    async (provider) => {
      const [optedOut, other, sender] = [anAddress(), anAddress(), aSender()];
      await suppress('marketing', optedOut);
      const both = aMessage().from(sender).through(provider).to(optedOut.toUpperCase(), other);
      const advertisement = await deliver(both.marketing(), 1);
      expect(advertisement).toMatchObject({ status: 'completed', suppressedCount: 1 });
      expect(advertisement.counts).toMatchObject({ suppressed: 1, delivered: 1 });
      const [skipped] = await actors.gateway.recipients(advertisement.id);
      expect(skipped).toMatchObject({ status: 'suppressed', final: true, reason: 'recipient_opted_out' });
      expect((await deliver(both, 2)).counts).toMatchObject({ suppressed: 0, delivered: 2 });
      const mails = await actors.simulator.mails(sender);
      expect(mails.filter(({ address }) => address.toLowerCase() === optedOut)).toHaveLength(1);
    },
  );

  it('lets nothing through to an address that is suppressed for all', async () => {
    const [address, sender] = [anAddress(), aSender()];
    await suppress('all', address);
    const message = await actors.gateway.deliver(aMessage().from(sender).to(address).authentication());
    expect(message).toMatchObject({ status: 'completed', suppressedCount: 1 });
    expect(await actors.simulator.mails(sender)).toEqual([]);
  });

  it('still keeps a mail from who opted out after it was scheduled', async () => {
    const [address, other, sender] = [anAddress(), anAddress(), aSender()];
    const scheduled = aMessage().from(sender).to(address, other).marketing().dueIn(2000);
    const { id, suppressedCount } = await actors.gateway.send(scheduled);
    expect(suppressedCount).toBe(0);
    await suppress('marketing', address);
    const message = await actors.gateway.waitUntil(id, ({ counts }) => counts.delivered === 1);
    expect(message.counts).toMatchObject({ suppressed: 1, delivered: 1 });
    expect((await actors.simulator.mails(sender)).map((mail) => mail.address)).toEqual([other]);
  });

  it('counts them in a preview without storing anything', async () => {
    const address = anAddress();
    await suppress('marketing', address);
    const { body } = await actors.gateway.post<{ suppressed: string[]; quotaCost: number }>(
      '/v1/messages/preview',
      aMessage().to(address, anAddress()).marketing().build(),
    );
    expect(body).toMatchObject({ suppressed: [address], quotaCost: 1 });
  });

  it('refuses what it cannot keep', async () => {
    const { gateway } = actors;
    const codes = async (body: unknown) =>
      (await gateway.post('/v1/suppressions', body)).body.errors?.map(({ pointer, code }) => `${pointer} ${code}`);
    expect(await codes({ addresses: ['kim'], scope: 'marketing' })).toEqual(['/addresses/0 invalid_address']);
    expect(await codes({ addresses: [], scope: 'marketing' })).toEqual(['/addresses too_few']);
    expect(await codes({ addresses: ['a@example.com'], scope: 'some' })).toEqual(['/scope not_allowed']);
    const many = Array.from({ length: 1001 }, (_, i) => `${i}@example.com`);
    expect(await codes({ addresses: many, scope: 'all' })).toEqual(['/addresses too_many']);
  });

  it('takes a message whose every recipient is suppressed as completed at once', async () => {
    const address = anAddress();
    await suppress('all', address);
    const { status, body } = await actors.gateway.post<MessageView>('/v1/messages', aMessage().to(address).build());
    expect([status, body.status, body.suppressedCount]).toEqual([202, 'completed', 1]);
  });
});
