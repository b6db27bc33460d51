import { describe, expect, it } from '@jest/globals';
import { aMessage, aSender, unique, useSharedGateway } from '@gateway/testing';

describe('marketing', () => {
  const actors = useSharedGateway('postgres');

  it.each(['ncp', 'nhn'])(
    'marks an advertisement through %s once and lets its reader unsubscribe',
    async (provider) => {
      const { gateway, simulator } = actors;
      const spellings = [
        'Sale',
        '(광고) Sale',
        '  (광고) Sale',
        '(\u1100\u116a\u11bc\u1100\u1169) Sale',
        '［광고］Sale',
      ];
      for (const subject of spellings) {
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

  it.each(['ncp', 'nhn'])(
    'previews what each recipient reads through %s when a value brings the mark',
    async (provider) => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const message = (...marks: string[]) =>
        aMessage()
          .marketing()
          .from(from)
          .through(provider)
          .saying('{{m}} 할인', '<p>x</p>')
          .toRecipients(...marks.map((m) => ({ address: `${unique('r')}@example.com`, variables: { m } })));
      const marks = ['(광고)', '봄'];
      await gateway.deliver(message(...marks));
      const mails = await simulator.mails(from);
      expect(mails.map(({ subject }) => subject)).toEqual(['(광고) 할인', '(광고) 봄 할인']);
      for (const [i, mark] of marks.entries()) {
        const { body } = await gateway.post<{ rendered: { subject: string } }>(
          '/v1/messages/preview',
          message(mark).build(),
        );
        expect(body.rendered.subject).toBe(mails[i]?.subject);
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
