import { expect, it } from '@jest/globals';
import { aMessage, aSender, onEachQueue, useSharedGateway } from '@gateway/testing';

onEachQueue('marketing', (queue) => {
  const actors = useSharedGateway(queue);

  it.each(['ncp', 'nhn'])(
    'marks an advertisement through %s once and lets its reader unsubscribe',
    async (provider) => {
      const { gateway, simulator } = actors;
      for (const subject of ['Sale', '(광고) Sale']) {
        const from = aSender();
        await gateway.deliver(aMessage().marketing().from(from).through(provider).saying(subject, '<p>Sale</p>'));
        const [mail] = await simulator.mails(from);
        expect(mail?.subject).toBe('(광고) Sale');
        expect(mail?.body).toMatch(/^<p>Sale<\/p>.*(수신 ?거부|unsubscribe)/is);
        const [request] = await simulator.requests(from);
        expect(request).toMatchObject({ advertising: true });
      }
    },
  );

  it.each(['ncp', 'nhn'])('puts the link of %s where the caller wants it, and only there', async (provider) => {
    const { gateway, simulator } = actors;
    const from = aSender();
    await gateway.deliver(
      aMessage().marketing().from(from).through(provider).saying('Sale', '<p>[{{unsubscribe}}] the end</p>'),
    );
    const [mail] = await simulator.mails(from);
    expect(mail?.body).toMatch(/^<p>\[.*href=.*\] the end<\/p>$/s);
  });

  it('routes a bare unsubscribe URL to the account that has one, and refuses it where there is none', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const message = aMessage().marketing().from(from).saying('Sale', '<a href="{{unsubscribeUrl}}">stop</a>');
    const { routing } = await gateway.deliver(message);
    expect(routing.provider).toBe('nhn');
    expect(routing.candidates).toContainEqual(
      expect.objectContaining({ provider: 'ncp', able: false, reasons: [expect.any(String)] }),
    );
    const refused = await gateway.post('/v1/messages', message.through('ncp').build());
    expect([refused.status, refused.body.code]).toEqual([422, 'unsupported_by_provider']);
    expect((await simulator.requests(from)).map(({ provider }) => provider)).toEqual(['nhn']);
  });

  it('has no unsubscribe token in other mail', async () => {
    const { gateway } = actors;
    const refused = await gateway.post('/v1/messages', aMessage().saying('Hi', '{{unsubscribe}}').build());
    expect(refused.status).toBe(422);
    expect(refused.body.errors?.length).toBeGreaterThan(0);
  });
});
