import { expect, it } from '@jest/globals';
import { aMessage, aSender, onEachQueue, unique, useSharedGateway, type MessageView } from '@gateway/testing';

interface Withheld extends MessageView {
  readonly subject: string | null;
  readonly html: string | null;
  readonly text: string | null;
  readonly contentWithheld: string | null;
}

onEachQueue('login codes', (queue) => {
  const actors = useSharedGateway(queue);

  const aCode = (code: string, from: string, to: string) =>
    aMessage()
      .from(from)
      .authentication()
      .with({
        subject: `Code ${code} {{own}}`,
        html: `<b>${code}</b>`,
        text: `Your code: ${code} {{given}}`,
        tags: [from],
      })
      .with({ variables: { given: `given ${code}` } })
      .toRecipients({ address: to, variables: { own: `own ${code}` } });

  it('arrive, and are not read back', async () => {
    const { gateway, simulator } = actors;
    const [code, from, to] = [unique('c0de'), aSender(), `${unique('kim-')}@example.com`];
    const headers = { 'idempotency-key': unique('key-') };
    const body = aCode(code, from, to);
    const accepted = await gateway.post<Withheld>('/v1/messages', body.build(), headers);
    expect(accepted.body).toMatchObject({ subject: null, contentWithheld: 'authentication' });
    const { id } = accepted.body;
    const found = (await gateway.waitUntilFinal(id)) as Withheld;
    expect(found).toMatchObject({ subject: null, html: null, text: null, contentWithheld: 'authentication' });
    const [mail] = await simulator.mails(from);
    expect(mail).toMatchObject({
      subject: `Code ${code} own ${code}`,
      body: expect.stringContaining(`<b>${code}</b>`),
    });

    const repeated = await gateway.post<Withheld>('/v1/messages', body.build(), headers);
    expect(repeated.body).toEqual(accepted.body);
    const address = encodeURIComponent(to);
    const read = [
      accepted.body,
      repeated.body,
      found,
      await gateway.get(`/v1/messages?tag=${from}`),
      await gateway.get(`/v1/messages?to=${address}`),
      await gateway.recipients(id),
      await gateway.batches(id),
      await gateway.events(id),
      await gateway.get(`/v1/messages/${id}/diagnosis`),
      await gateway.get(`/v1/recipients?address=${address}`),
    ];
    expect(JSON.stringify(read)).not.toContain(code);
    const exported = await fetch(`${gateway.url}/v1/recipients?address=${address}`, {
      headers: { accept: 'application/x-ndjson', authorization: `Bearer ${actors.address.apiKey}` },
    });
    const lines = await exported.text();
    expect(lines).toContain(to);
    expect(lines).toContain('"variables":null');
    expect(lines).not.toContain(code);
    const preview = await fetch(`${gateway.url}/dashboard/preview/messages/${id}`, {
      headers: { authorization: `Bearer ${actors.address.apiKey}` },
    });
    expect(preview.status).toBe(403);
    expect(await preview.text()).not.toContain(code);
  });

  it('are not found digit by digit in subjects', async () => {
    const { gateway } = actors;
    const [code, from] = [unique('c0de'), aSender()];
    await gateway.deliver(aCode(code, from, 'kim@example.com'));
    await gateway.deliver(
      aMessage()
        .from(from)
        .with({ subject: `Order ${code}` }),
    );
    const found = await gateway.get<{ data: Withheld[] }>(`/v1/messages?subject=${code}`);
    expect(found.data).toMatchObject([{ subject: `Order ${code}`, contentWithheld: null }]);
  });

  it('are sent once more by a redrive, and not shown by it either', async () => {
    const { gateway, simulator } = actors;
    const [code, from] = [unique('c0de'), aSender()];
    const body = aCode(code, from, `bounce+mailbox_full.${unique('x')}@example.com`).through('ncp');
    const bounced = await gateway.deliver(body);
    const again = await gateway.post<Withheld>(`/v1/messages/${bounced.id}/redrive`, {});
    expect([again.status, again.body]).toMatchObject([202, { subject: null, contentWithheld: 'authentication' }]);
    const found = await gateway.waitUntilFinal(again.body.id);
    expect(JSON.stringify([again.body, found])).not.toContain(code);
    const mails = await simulator.mails(from);
    expect(mails.map(({ subject }) => subject)).toEqual([1, 2].map(() => `Code ${code} own ${code}`));
  });
});
