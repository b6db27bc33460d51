import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { aMessage, eventually, unique, useOwnGateway, type MessageView } from '@gateway/testing';
import pg from 'pg';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { tracesOf } from '../support/traces.js';

interface Receipt {
  readonly id: string;
  readonly status: string;
  readonly pending: number;
  readonly completedAt: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly remaining: readonly { readonly provider: string; readonly until: string | null }[];
  readonly sha256: string | null;
}

const NDJSON = { 'content-type': 'application/x-ndjson' };

describe('erasures', () => {
  const actors = useOwnGateway();
  let database: pg.Client;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    database = new pg.Client({ connectionString: actors.address.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await receiver.stop();
  });

  const request = async (...addresses: readonly string[]): Promise<Receipt> => {
    const { status, body } = await actors.gateway.post<Receipt>('/v1/erasures', { addresses, reason: 'ticket 7' });
    expect([status, body]).toMatchObject([202, { counts: { messages: expect.any(Number) } }]);
    return body;
  };
  const receipt = (id: string): Promise<Receipt> => actors.gateway.get(`/v1/erasures/${id}`);
  const completed = (id: string): Promise<Receipt> =>
    eventually(async () => {
      const found = await receipt(id);
      expect(found.status).toBe('completed');
      return found;
    });
  const erase = async (...addresses: readonly string[]): Promise<Receipt> =>
    completed((await request(...addresses)).id);
  const mailTo = (...addresses: readonly string[]): Promise<MessageView> =>
    actors.gateway.deliver(aMessage().to(...addresses));

  it('leave no trace of an address in any column of any table', async () => {
    const { gateway } = actors;
    const word = unique('Kim.Trace-');
    const [person, other] = [`${word}@example.com`, `jo.${word}@example.com`];
    receiver.answer = () => 503;
    await gateway.post('/v1/webhook-endpoints', { url: receiver.url, events: ['*'] });
    const key = { 'idempotency-key': unique('key-') };
    const texts = {
      subject: `For ${person}`,
      html: `<a href="https://x.example/?to=${encodeURIComponent(person)}">${person}</a>`,
    };
    const single = await gateway.send(
      aMessage()
        .with(texts)
        .with({ metadata: { who: person }, tags: ['kept'] })
        .toRecipients({ address: person.toUpperCase(), name: 'Kim Trace', variables: { code: 'secret-code' } }),
      key,
    );
    const shared = await gateway.send(aMessage().with(texts).to(person, other), { 'idempotency-key': unique('key-') });
    const bounced = await gateway.send(aMessage().to('bounce+unknown_user@bounces.example.com', person));
    await gateway.call('POST', '/v1/contacts/import', {
      body: [
        { name: 'Kim Trace', addresses: [person], groups: [word], attributes: { code: 'secret-code' } },
        { externalId: 'other', addresses: [other] },
        { externalId: 'other-2', addresses: [`${person} `, 'no-address'] },
      ]
        .map((row) => JSON.stringify(row))
        .join('\n'),
      headers: { ...NDJSON, 'idempotency-key': unique('key-') },
    });
    await gateway.post(
      '/v1/contacts',
      { name: 'Kim Trace', addresses: [`second-${person}`], externalId: 'K-1' },
      { 'idempotency-key': unique('key-') },
    );
    const audience = await gateway.send(aMessage().with({ to: undefined, audience: word }));
    await gateway.post('/v1/suppressions', { addresses: [person], scope: 'marketing', reason: `asked by ${person}` });
    for (const { id } of [single, shared, bounced, audience]) await gateway.waitUntilFinal(id);
    expect((await gateway.message(audience.id)).recipientCount).toBe(1);
    await eventually(async () => expect(receiver.received.length).toBeGreaterThan(3));
    expect((await tracesOf(database, person)).length).toBeGreaterThan(8);

    const done = await erase(person, `second-${person}`);
    expect(done).toMatchObject({ pending: 0, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(done.counts).toMatchObject({ messages: 2, contacts: 2, suppressions: 1 });
    expect(done.counts['recipients']).toBe(4);
    expect(await tracesOf(database, person, other)).toEqual([]);
    expect(await tracesOf(database, 'secret-code')).toEqual([]);
    expect(await tracesOf(database, 'Kim Trace')).toEqual([]);
    expect(JSON.stringify(done)).not.toMatch(/@example/i);
    // Others, and the counts, stay.
    expect((await tracesOf(database, other)).length).toBeGreaterThan(0);
    expect(await gateway.message(single.id)).toMatchObject({ subject: null, counts: { delivered: 1 }, tags: ['kept'] });
    expect((await gateway.recipients(shared.id)).map(({ address }) => address)).toEqual([null, other]);
    expect((await gateway.message(shared.id)).counts).toMatchObject({ delivered: 2 });
    // A repeated request is answered, and not sent again.
    const again = await gateway.post<MessageView>('/v1/messages', { nonsense: 1 }, key);
    expect(again.status).toBe(422);
    expect(done.remaining).toEqual([{ provider: 'ncp', until: expect.any(String) }]);
  });

  it('can be preceded by an export of everything about the address', async () => {
    const { gateway } = actors;
    const address = `${unique('export-')}@example.com`;
    await gateway.post('/v1/contacts', { name: 'Kim', addresses: [address] });
    await gateway.post('/v1/suppressions', { addresses: [address], scope: 'marketing' });
    const to = { address, name: 'Kim', variables: { code: '4711' } };
    const { id } = await gateway.deliver(aMessage().toRecipients(to, { address: 'lee@example.com' }));
    const path = `/v1/recipients?address=${encodeURIComponent(address)}`;
    const headers = { accept: NDJSON['content-type'] };
    const authorization = `Bearer ${actors.address.apiKey}`;
    const exported = await fetch(gateway.url + path, { headers: { ...headers, authorization } });
    const text = await exported.text();
    expect(exported.headers.get('content-type')).toContain(NDJSON['content-type']);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string; readonly data: object });
    const of = (type: string): object[] => lines.filter((line) => line.type === type).map(({ data }) => data);
    expect(of('contact')).toMatchObject([{ name: 'Kim', addresses: [address] }]);
    expect(of('suppression')).toMatchObject([{ address, scope: 'marketing' }]);
    expect(of('message')).toMatchObject([{ id, html: '<p>Hello</p>' }]);
    expect(of('recipient')).toMatchObject([{ address, name: 'Kim', variables: { code: '4711' } }]);
    expect(of('event').length).toBeGreaterThan(2);
    expect(text).not.toContain('lee@example.com');
    const wrong = await gateway.call('GET', '/v1/recipients?address=no-address', { headers });
    expect([wrong.status, wrong.body.errors?.[0]?.pointer]).toEqual([422, '/address']);
  });

  it('give a receipt whose digest anyone can compute', async () => {
    const address = `${unique('digest-')}@example.com`;
    await mailTo(address);
    const done = await erase(address);
    const { sha256, requestedBy: _, ...rest } = done as Receipt & { readonly requestedBy: string };
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort()
                .map(([name, member]) => [name, sorted(member)]),
            )
          : value;
    expect(
      createHash('sha256')
        .update(JSON.stringify(sorted(rest)))
        .digest('hex'),
    ).toBe(sha256);
  });

  it('keep suppressions in force, whatever is imported or sent later', async () => {
    const { gateway } = actors;
    const [out, never] = [`${unique('out-')}@example.com`, `${unique('never-')}@example.com`];
    await gateway.post('/v1/suppressions', { addresses: [out], scope: 'marketing' });
    await gateway.post('/v1/suppressions', { addresses: [never], scope: 'all' });
    await erase(out, never);
    expect(await tracesOf(database, out)).toEqual([]);
    const advertised = await gateway.deliver(aMessage().marketing().to(out, never, 'kim@example.com'));
    expect(advertised.counts).toMatchObject({ suppressed: 2, delivered: 1 });
    const receipts = await gateway.deliver(aMessage().to(out, never));
    expect(receipts.counts).toMatchObject({ suppressed: 1, delivered: 1 });
    const many = await gateway.send(
      aMessage()
        .marketing()
        .toRecipients(...Array.from({ length: 300 }, (_, n) => ({ address: n === 7 ? out : `many${n}@example.com` }))),
    );
    expect(many.suppressedCount).toBe(1);
    const preview = await gateway.post('/v1/messages/preview', aMessage().marketing().to(out).build());
    expect(preview.body).toMatchObject({ suppressedCount: 1 });
    const listed = await gateway.get<{ data: unknown[] }>('/v1/suppressions', { address: never });
    expect(listed.data).toMatchObject([{ address: null, scope: 'all' }]);
    expect((await gateway.call('DELETE', `/v1/suppressions/${never}`)).status).toBe(204);
    expect((await gateway.deliver(aMessage().to(never))).counts).toMatchObject({ delivered: 1 });
  });

  it('wait for mail under way, and end as soon as it is final', async () => {
    const { gateway } = actors;
    const address = `${unique('later-')}@example.com`;
    await mailTo(address);
    const message = await gateway.send(aMessage().to(address).dueIn(3_600_000));
    const campaign = await gateway.send(aMessage().to(address, 'kim@example.com').dueIn(3_600_000));
    const { id } = await request(address);
    const waiting = await eventually(async () => {
      const found = await receipt(id);
      expect(found).toMatchObject({ status: 'pending', pending: 2, completedAt: null, sha256: null });
      return found;
    });
    expect(waiting.counts).toMatchObject({ messages: 1 });
    expect((await gateway.recipients(message.id))[0]?.address).toBe(address);
    // Mail that is accepted after the request is new.
    const after = await mailTo(address);
    await gateway.post(`/v1/messages/${message.id}/cancel`);
    await gateway.post(`/v1/messages/${campaign.id}/cancel`);
    const done = await completed(id);
    expect(done.counts).toMatchObject({ messages: 2, recipients: 3 });
    const left = await database.query('SELECT message_id FROM recipient WHERE lower(address) = $1', [address]);
    expect(left.rowCount).toBe(1);
    expect((await gateway.recipients(after.id))[0]?.address).toBe(address);
  });

  it('keep a contact that is created after the request, however long the erasure waits for a worker', async () => {
    const { gateway, running } = actors;
    const [before, after] = [`${unique('before-')}@example.com`, `${unique('after-')}@example.com`];
    await gateway.post('/v1/contacts', { name: 'Before', addresses: [before] });
    await running.end('worker');
    const { id } = await request(before, after);
    const key = { 'idempotency-key': unique('key-') };
    const created = { name: 'After', addresses: [after] };
    const { body } = await gateway.post<{ id: string }>('/v1/contacts', created, key);
    await running.start('worker');
    expect((await completed(id)).counts).toMatchObject({ contacts: 1 });
    expect(await tracesOf(database, before)).toEqual([]);
    expect(await gateway.get(`/v1/contacts/${body.id}`)).toMatchObject(created);
    expect((await gateway.post('/v1/contacts', created, key)).body).toEqual(body);
  });

  it('erase everything once when two are requested at once, and a worker is killed in between', async () => {
    const { gateway, running } = actors;
    const address = `${unique('often-')}@example.com`;
    await mailTo(address);
    // As many as take a worker some time.
    await database.query(
      `WITH given AS (
         INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, subject,
           html, on_quota, recipient_count, batch_count, counts, routing, tags, warnings, completed_at)
         SELECT uuid7_floor(now() - n * interval '1 minute'), m.client_id, m.category, m.delivery, 'auto', 'ncp',
           m.from_address, $1, $1, 'defer', 1, 0, '{"delivered": 1}', '{}', '{}', '{}', now() - interval '1 s'
         FROM (SELECT * FROM message ORDER BY id DESC LIMIT 1) AS m, generate_series(1, 3000) AS n RETURNING id
       )
       INSERT INTO recipient (message_id, position, address, type, status) SELECT id, 0, $1, 'to', 'delivered' FROM given`,
      [address],
    );
    const counted = await gateway.post<Receipt>('/v1/erasures', { addresses: [address], dryRun: true });
    expect([counted.status, counted.body.counts]).toMatchObject([200, { messages: 3001, recipients: 3001 }]);
    const ids = (await Promise.all([request(address), request(address)])).map(({ id }) => id);
    await eventually(async () => {
      const begun = await Promise.all(ids.map(receipt));
      expect(begun.some(({ counts }) => (counts['recipients'] ?? 0) > 0)).toBe(true);
    });
    await running.end('worker');
    await running.start('worker');
    const done = await Promise.all(ids.map(completed));
    const total = done.reduce((sum, { counts }) => sum + (counts['recipients'] ?? 0), 0);
    expect(total).toBe(3001);
    expect(await tracesOf(database, address)).toEqual([]);
    const third = await erase(address);
    expect(third.counts).toMatchObject({ messages: 0, recipients: 0, events: 0 });
  });

  it('refuse what they cannot do by pointer, and those who may not', async () => {
    const { gateway } = actors;
    const codes = async (body: unknown): Promise<unknown> =>
      (await gateway.post('/v1/erasures', body)).body.errors?.map(({ pointer, code }) => [pointer, code]);
    expect(await codes({})).toEqual([['/addresses', 'required']]);
    expect(await codes({ addresses: [] })).toEqual([['/addresses', 'too_few']]);
    expect(await codes({ addresses: Array.from({ length: 5001 }, (_, n) => `a${n}@example.com`) })).toEqual([
      ['/addresses', 'too_many'],
    ]);
    expect(await codes({ addresses: ['no-address'] })).toEqual([['/addresses/0', 'invalid_address']]);
    expect(await codes({ addresses: ['a@example.com'], reason: 'for a@example.com' })).toEqual([
      ['/reason', 'not_allowed'],
    ]);
    expect((await gateway.call('GET', '/v1/erasures/era_nonsense')).status).toBe(404);
    const reader = { name: 'reader', scopes: ['messages:read', 'messages:write', 'audience'] };
    const { body } = await gateway.post<{ key: string }>('/v1/api-keys', reader);
    expect((await gateway.as(body.key).post('/v1/erasures', { addresses: ['a@example.com'] })).status).toBe(403);
    const key = { 'idempotency-key': unique('key-') };
    const asked = { addresses: [`${unique('once-')}@example.com`] };
    const answers = [await gateway.post('/v1/erasures', asked, key), await gateway.post('/v1/erasures', asked, key)];
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    const list = await gateway.get<{ data: Receipt[] }>('/v1/erasures', { limit: 2 });
    expect(list.data).toHaveLength(2);
  });
});
