import { describe, expect, it } from '@jest/globals';
import { aMessage, aSender, unique, useSharedGateway, type MessageView, type PageView } from '@gateway/testing';

interface PreviewView {
  readonly provider: string;
  readonly recipientCount: number;
  readonly quotaCost: number;
  readonly batchCount: number;
  readonly batches: readonly unknown[];
  readonly suppressed: readonly unknown[];
  readonly rendered: { readonly address: string; readonly subject: string; readonly html: string };
  readonly requests: readonly { readonly method: string; readonly url: string; readonly body: unknown }[];
}

const SECRETS = ['sandbox-ncp-access-key', 'sandbox-ncp-secret-key', 'sandbox-nhn-app-key'];

describe('preview and dryRun', () => {
  const actors = useSharedGateway('postgres');

  describe.each(['ncp', 'nhn'])('of mail through %s', (provider) => {
    it.each([
      ['/v1/messages/preview', {}],
      ['/v1/messages', { dryRun: true }],
    ])('POST %s %j plans and renders, stores and sends nothing', async (path, extra) => {
      const { gateway, simulator } = actors;
      const [from, tag] = [aSender(), unique('tag-')];
      const message = aMessage()
        .from(from)
        .through(provider)
        .saying('For {{name}}', '<b>{{name}}</b>')
        .toRecipients(
          { address: 'kim@example.com', variables: { name: 'A & B' } },
          { address: 'lee@example.com', variables: { name: 'Lee' } },
        )
        .with({ tags: [tag], ...extra });
      const { status, body } = await gateway.post<PreviewView>(path, message.build(), {
        'idempotency-key': unique('key-'),
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        provider,
        recipientCount: 2,
        quotaCost: 2,
        batchCount: 1,
        batches: [{ positionFrom: 0, positionTo: 1, recipientCount: 2 }],
        suppressed: [],
        rendered: { address: 'kim@example.com', subject: 'For A & B', html: '<b>A &amp; B</b>' },
        requests: [{ method: 'POST' }],
      });
      const text = JSON.stringify(body);
      for (const secret of SECRETS) expect(text).not.toContain(secret);
      expect(JSON.stringify(body.requests[0]?.body)).toContain('lee@example.com');
      expect((await gateway.get<PageView<MessageView>>('/v1/messages', { tag })).data).toEqual([]);
      expect((await simulator.summary(from)).requests).toBe(0);
    });

    it('shows the request that is then really made', async () => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const message = aMessage().from(from).through(provider).marketing().saying('Sale {{a}}', '{{a}}');
      const built = message.with({ variables: { a: '1' } });
      const { body } = await gateway.post<PreviewView>('/v1/messages/preview', built.build());
      await gateway.deliver(built);
      const [request] = await simulator.requests(from);
      expect(JSON.stringify(body.requests[0]?.body)).toContain(request?.title);
    });
  });

  it('answers as sending would when no account can send it', async () => {
    const { gateway } = actors;
    const message = aMessage()
      .through('ncp')
      .with({ headers: { 'X-Campaign': '1' } });
    for (const path of ['/v1/messages/preview', '/v1/messages']) {
      const { status, body } = await gateway.post(path, message.build());
      expect([status, body.code]).toEqual([422, 'unsupported_by_provider']);
    }
    const { body } = await gateway.post<PreviewView>('/v1/messages/preview', message.through('auto').build());
    expect(body.provider).toBe('nhn');
  });

  it('brings custom headers to the account that takes them', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    await gateway.deliver(
      aMessage()
        .from(from)
        .with({ headers: { 'X-Campaign': 'spring 봄' } }),
    );
    const [request] = await simulator.requests(from);
    expect(request).toMatchObject({ provider: 'nhn' });
    expect(JSON.stringify(request?.customHeaders)).toContain('spring 봄');
  });
});
