import { describe, expect, it } from '@jest/globals';
import { aMessage, aSender, useSharedGateway } from '@gateway/testing';

interface Preview {
  readonly rendered: { readonly subject: string };
}

describe('the mark of advertisements', () => {
  const actors = useSharedGateway('postgres');
  const SUBJECTS = [
    '할인',
    '(광고) 할인',
    '  (광고) 할인',
    '\u0028\u1100\u116a\u11bc\u1100\u1169\u0029 할인',
    '\u00a0(광고)  할인',
    '(광고)할인',
    '(광고) (광고) 할인',
    '\t\u3000(광고) 할인'.replace('\t', ''),
  ];

  it.each(SUBJECTS)('appears once, at the beginning, as the preview shows it: %s', async (subject) => {
    for (const provider of ['ncp', 'nhn']) {
      const sender = aSender();
      const message = aMessage().from(sender).through(provider).marketing().with({ subject });
      const { body } = await actors.gateway.post<Preview>('/v1/messages/preview', message.build());
      const { id } = await actors.gateway.send(message);
      await actors.gateway.waitUntilFinal(id);
      const [mail] = await actors.simulator.mails(sender);
      expect([mail?.subject, body.rendered.subject]).toEqual(['(광고) 할인', '(광고) 할인']);
    }
  });

  it('appears once where it is in the value of a recipient', async () => {
    for (const provider of ['ncp', 'nhn']) {
      const sender = aSender();
      const recipients = [
        { address: 'v1@b26.example.com', variables: { m: '(광고)' } },
        { address: 'v2@b26.example.com', variables: { m: '봄' } },
      ];
      const message = aMessage()
        .from(sender)
        .through(provider)
        .marketing()
        .with({ to: undefined, subject: '{{m}} 할인', recipients });
      const { body } = await actors.gateway.post<Preview>('/v1/messages/preview', message.build());
      const { id } = await actors.gateway.send(message);
      await actors.gateway.waitUntilFinal(id);
      const subjects = new Map((await actors.simulator.mails(sender)).map((mail) => [mail.address, mail.subject]));
      expect([subjects.get('v1@b26.example.com'), subjects.get('v2@b26.example.com')]).toEqual([
        '(광고) 할인',
        '(광고) 봄 할인',
      ]);
      expect(body.rendered.subject).toBe('(광고) 할인');
    }
  });
});
