import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailGateway, GatewayProblem, type AnswerInfo, type GatewayEvent } from '@gateway/client';
import { aSender, eventually, unique, useSharedGateway } from '@gateway/testing';
import { verify, type Webhook } from '../../libs/client/src/webhooks.js';
import { Front } from '../support/client/front.js';

describe('the client', () => {
  const actors = useSharedGateway('postgres');
  let front: Front;
  let client: EmailGateway;

  /** A caller of its own, so that its feed is short. */
  const aClient = async (): Promise<EmailGateway> => {
    const { apiUrl, apiKey } = actors.address;
    const admin = new EmailGateway({ url: apiUrl, apiKey });
    const scopes = [
      'messages:read',
      'messages:write',
      'templates',
      'audience',
      'statistics',
      'providers',
      'webhooks',
    ] as const;
    const { key } = await admin.apiKeys.create({ client: unique('caller-'), name: 'test', scopes: [...scopes] });
    return new EmailGateway({ url: front.url, apiKey: key });
  };

  beforeAll(async () => {
    front = await Front.start(actors.address.apiUrl);
    client = await aClient();
  });
  afterAll(() => front.stop());

  const aMessage = (from = aSender()) => ({ from, to: 'kim@example.com', subject: 'Hi', text: 'Hello' });

  it.each(['lose', 'cut'] as const)('sends once when the answer is lost (%s)', async (mischief) => {
    const message = aMessage();
    front.plan(/^POST \/v1\/messages$/, mischief);
    const answers: AnswerInfo[] = [];
    const sent = await client.messages.send(message, { onAnswer: (answer) => answers.push(answer) });
    expect(answers).toMatchObject([{ status: 202, replayed: true, attempts: 2 }]);
    expect(await client.messages.list({ from: message.from }).toArray()).toMatchObject([{ id: sent.id }]);
    await client.messages.waitFor(sent.id);
    expect(await actors.simulator.mails(message.from)).toHaveLength(1);
  });

  it('streams once when the answer is lost, from a list', async () => {
    const from = aSender();
    front.plan(/^POST \/v1\/messages$/, 'lose');
    const recipients = Array.from({ length: 3000 }, (_, n) => ({ address: `r.${n}@example.com`, variables: { n } }));
    const sent = await client.messages.sendStream({ from, subject: 'No. {{n}}', text: 'Hello' }, recipients);
    expect(sent.recipientCount).toBe(3000);
    const seen = await client.messages.recipients(sent.id, { limit: 1000 }).toArray();
    expect(seen.map(({ position }) => position)).toEqual(recipients.map((_, n) => n));
    expect(await client.messages.list({ from }).toArray()).toHaveLength(1);
  });

  it('uploads a file once when the answer is lost', async () => {
    const before = (await client.attachments.list().toArray()).length;
    front.plan(/^POST \/v1\/attachments$/, 'lose');
    const name = `${unique('견적')}.txt`;
    const file = await client.attachments.upload(name, Buffer.from('hello'), { contentType: 'text/plain' });
    expect(file).toMatchObject({ name, size: 5, contentType: 'text/plain' });
    expect(await client.attachments.list().toArray()).toHaveLength(before + 1);
    expect(new TextDecoder().decode(await client.attachments.content(file.id))).toBe('hello');
    await client.attachments.delete(file.id);
    await expect(client.attachments.get(file.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('deletes well when the answer is lost', async () => {
    const { id } = await client.groups.create({ name: unique('g') });
    front.plan(/^DELETE/, 'lose');
    await client.groups.delete(id);
    await expect(client.groups.get(id)).rejects.toMatchObject({ status: 404 });
  });

  it('is refused in a stream with the line', async () => {
    const sent = client.messages.sendStream({ from: aSender(), subject: 'Hi', text: 'Hello' }, [
      'kim@example.com',
      'lee@',
    ]);
    const error: unknown = await sent.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GatewayProblem);
    expect((error as GatewayProblem).errors).toMatchObject([{ line: 3, code: 'invalid_address' }]);
  });

  it('waits for a slow recipient, at most until its deadline', async () => {
    const { id } = await client.messages.send({ ...aMessage(), to: 'slow+2s@example.com' });
    await expect(client.messages.waitFor(id, { deadlineMs: 200 })).rejects.toMatchObject({ name: 'GatewayTimeout' });
    expect(await client.messages.waitFor(id)).toMatchObject({ status: 'completed', counts: { delivered: 1 } });
  });

  it('reads every page of a list, once each', async () => {
    const from = aSender();
    const results = await client.messages.sendBatch(Array.from({ length: 7 }, () => aMessage(from)));
    const listed = await client.messages.list({ from, limit: 2 }).toArray();
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(results.map(({ id }) => id)));
    expect(listed).toHaveLength(7);
  });

  it('follows events in their order, without a gap, over lost connections', async () => {
    const caller = await aClient();
    await caller.messages.send(aMessage());
    let cursor: string | null = null;
    while (cursor === null) ({ nextCursor: cursor } = await caller.events.list());
    const ids = await Promise.all([1, 2, 3].map(async () => (await caller.messages.send(aMessage())).id));
    const followed: GatewayEvent[] = [];
    const completed = new Set<string>();
    let saved: string | null = cursor;
    front.plan(/^GET .*\/stream/, 'cut');
    while (completed.size < 3) {
      const options = { cursor: saved, onCursor: (at: string) => void (saved = at) };
      // Each loop is a process that dies in the middle.
      let taken = 0;
      for await (const event of caller.events.follow(options)) {
        followed.push(event);
        if (event.type === 'message.completed' && ids.includes(event.messageId)) completed.add(event.messageId);
        taken += 1;
        if (completed.size === 3 || taken === 5) break;
      }
    }
    const fed = (await caller.events.list({ cursor, limit: 1000 })).data.map(({ id }) => id);
    const first = [...new Set(followed.map(({ id }) => id))];
    expect(first).toEqual(fed.slice(0, first.length));
  });

  it('reaches templates, audience, statistics and accounts', async () => {
    const template = await client.templates.create({
      name: unique('t'),
      subject: 'Hi {{name}}',
      text: 'Hello {{name}}',
    });
    await client.templates.update(template.id, { subject: 'Hello {{name}}' });
    expect(await client.templates.get(template.id, { version: 1 })).toMatchObject({ subject: 'Hi {{name}}' });
    expect(await client.templates.preview(template.id, { variables: { name: 'Kim' } })).toMatchObject({
      subject: 'Hello Kim',
    });
    const group = await client.groups.create({ name: unique('g') });
    const imported = await client.contacts.importCsv(
      `externalId,name,address,groups\n1,Kim,${unique('k')}@example.com,${group.name}\n`,
    );
    expect(imported).toMatchObject({ imported: 1, rejected: 0 });
    expect(await client.groups.get(group.id)).toMatchObject({ memberCount: 1 });
    expect(await client.contacts.import([{ addresses: ['lee@'] }])).toMatchObject({
      rejected: 1,
      errors: [{ line: 1 }],
    });
    expect(await client.statistics.get({ groupBy: 'provider' })).toMatchObject({ groupBy: 'provider' });
    expect((await client.providers.list()).data.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ncp', 'nhn']),
    );
  });

  it.each(['hmac', 'ed25519'] as const)(
    "verifies the gateway's own webhooks (%s), also in batches and rotated",
    async (signing) => {
      const caller = await aClient();
      const keys: string[] = [];
      const webhooks: Webhook[] = [];
      const refused: unknown[] = [];
      const handler = createServer((request, response) => {
        void text(request)
          .then((body) => verify({ headers: request.headers, body, keys }))
          .then((webhook) => webhooks.push(webhook))
          .catch((error: unknown) => refused.push(error))
          .then(() => response.writeHead(204).end());
      });
      await new Promise<void>((done) => handler.listen(0, '127.0.0.1', done));
      const url = `http://127.0.0.1:${(handler.address() as AddressInfo).port}/hook`;
      const batch = { maxEvents: 50, maxWaitMs: 200 };
      const endpoint = await caller.webhookEndpoints.create({ url, signing, batch, events: ['message.*'] });
      keys.push(endpoint.secret ?? endpoint.publicKey ?? '');
      expect(await caller.webhookEndpoints.test(endpoint.id)).toMatchObject({ delivered: true, httpStatus: 204 });
      await caller.webhookEndpoints.rotateSecret(endpoint.id, { overlap: 'PT1H' });
      const { id } = await caller.messages.send(aMessage());
      await eventually(async () => {
        const types = webhooks.flatMap(({ events }) => events).map(({ type, messageId }) => `${type} ${messageId}`);
        expect(types).toEqual(expect.arrayContaining([`message.accepted ${id}`, `message.completed ${id}`]));
      });
      expect(refused).toEqual([]);
      expect(await caller.webhookEndpoints.list().toArray()).toMatchObject([{ id: endpoint.id, signing }]);
      await caller.webhookEndpoints.delete(endpoint.id);
      handler.close();
    },
  );

  it('reports a missing scope as a problem', async () => {
    await expect(client.apiKeys.list()).rejects.toMatchObject({ code: 'forbidden', status: 403, retryable: false });
  });
});
