import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, eventually, unique, useOwnGateway } from '@gateway/testing';
import pg from 'pg';
import { tracesOf } from '../support/traces.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const NDJSON = 'application/x-ndjson';

/** Where the data of a person is, and the lines of an export that have it. The erasure's statements name the same tables. */
const PLACES: Readonly<Record<string, string>> = {
  contact: 'contact',
  contact_address: 'contact',
  suppression: 'suppression',
  suppression_copy: 'providerCopy',
  group_copy_address: 'providerCopy',
  message: 'message',
  recipient: 'recipient',
  event: 'event',
  attachment: 'attachment',
  batch: 'batch',
  attempt: 'batch',
  idempotency_key: 'storedAnswer',
  webhook_delivery: 'webhookDelivery',
};
/**
 * Notes about accounts and endpoints may quote an address; they are about the account, not the person. Shadows of routes
 * quote texts of a message, which the export has whole.
 */
const NOT_PERSONS = [
  'group_copy',
  'suppression_sync',
  'provider_account',
  'provider_feature',
  'webhook_endpoint',
  'route_shadow',
];

/** A partition is its table. */
const tableOf = (column: string): string =>
  (/^(?:public\.)?"?([a-z_]+?)(?:_\d{4}_\d\d|_default)?"?\./.exec(column) ?? [])[1] ?? column;

describe('the export of everything about a person', () => {
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

  const exported = async (address: string) => {
    const path = `/v1/recipients?address=${encodeURIComponent(address)}`;
    const headers = { accept: NDJSON, authorization: `Bearer ${actors.address.apiKey}` };
    const text = await (await fetch(actors.gateway.url + path, { headers })).text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { readonly type: string; readonly data: Readonly<Record<string, unknown>> });
  };

  it('knows every table that an erasure changes', () => {
    const statements = ['privacy/erase-mail', 'privacy/erase-person', 'upkeep/retention']
      .map((file) => readFileSync(`libs/database/src/${file}.sql.ts`, 'utf8'))
      .join('\n');
    const changed = [...statements.matchAll(/\b(?:UPDATE|DELETE FROM)\s+([a-z_]+)\b(?!\()/g)].map(
      ([, table = '']) => table,
    );
    const known = [...Object.keys(PLACES), ...NOT_PERSONS, 'skip', 'set'];
    expect([...new Set(changed)].filter((table) => !known.includes(table))).toEqual([]);
    expect(Object.keys(PLACES).filter((table) => !changed.includes(table) && !statements.includes(table))).toEqual([]);
  });

  it('has a line for every place where the database has the address, and nothing about others', async () => {
    const { gateway } = actors;
    const word = unique('Kim.Export-');
    const [person, other] = [`${word}@example.com`, `lee.${word}@example.com`];
    const key = () => ({ 'idempotency-key': unique('key-') });
    await gateway.post('/v1/webhook-endpoints', { url: receiver.url, events: ['*'] });
    const single = await gateway.send(
      aMessage()
        .with({ subject: `For ${person}`, variables: { shared: `of ${person}` }, metadata: { who: person } })
        .toRecipients({ address: person, name: 'Kim', variables: { code: '4711' } }),
      key(),
    );
    const both = await gateway.send(aMessage().to(person, other), key());
    await gateway.call('POST', '/v1/contacts/import', {
      body: [
        { name: 'Kim', addresses: [person] },
        { addresses: [`${person} `, 'no-address'] },
        { addresses: [`${other} `, 'no'] },
      ]
        .map((row) => JSON.stringify(row))
        .join('\n'),
      headers: { 'content-type': NDJSON, ...key() },
    });
    await gateway.post('/v1/suppressions', { addresses: [person], scope: 'marketing', reason: `asked by ${person}` });
    for (const { id } of [single, both]) await gateway.waitUntilFinal(id);
    await eventually(async () => expect(receiver.received.length).toBeGreaterThan(3));
    await database.query(`INSERT INTO suppression_copy (provider, address, seen_at) VALUES ('ncp', lower($1), now())`, [
      person,
    ]);

    // First: deliveries are written after the receiver has them.
    const places = [...new Set((await tracesOf(database, person, other)).map(tableOf))].filter(
      (table) => !NOT_PERSONS.includes(table),
    );
    const lines = await exported(person.toUpperCase());
    const text = lines
      .map((line) => JSON.stringify(line))
      .join('\n')
      .toLowerCase();
    expect(text).not.toContain(other.toLowerCase());
    const types = new Set(lines.map(({ type }) => type));
    expect(places.length).toBeGreaterThan(6);
    expect(places.filter((table) => !types.has(PLACES[table] ?? `no line for ${table}`))).toEqual([]);
    const of = (type: string) => lines.filter((line) => line.type === type).map(({ data }) => data);
    expect(of('message')).toEqual(
      expect.arrayContaining([expect.objectContaining({ variables: { shared: `of ${person}` } })]),
    );
    expect(of('recipient')).toEqual(expect.arrayContaining([expect.objectContaining({ variables: { code: '4711' } })]));
    expect(of('webhookDelivery').some(({ body }) => String(body).includes(single.id))).toBe(true);
    expect(of('webhookDelivery').filter(({ body }) => String(body).includes(both.id))).toEqual([]);
    expect(JSON.stringify(of('storedAnswer'))).toContain(single.id);
  });

  it.each([
    ['another case', (word: string) => `${word.toUpperCase()}@EXAMPLE.com`, (word: string) => `${word}@example.com`],
    ['Hangul', (word: string) => `${word}@한국.com`, (word: string) => `${word}@xn--3e0b707e.com`],
    ['blanks around it', (word: string) => ` ${word}@example.com`, (word: string) => `${word}@example.com`],
  ])('and an erasure find the mail by %s', async (_, spelled, kept) => {
    const { gateway } = actors;
    const word = unique('spelled.');
    const { id } = await gateway.deliver(aMessage().to(kept(word)));
    const tagged = await gateway.deliver(aMessage().to(kept(`${word}+tag`)));
    const found = (await exported(spelled(word))).filter(({ type }) => type === 'message');
    expect(found.map(({ data }) => data['id'])).toEqual([id]);
    const addresses = [spelled(word), kept(word)];
    const { body } = await gateway.post<{ id: string; addressCount: number }>('/v1/erasures', { addresses });
    expect(body.addressCount).toBe(1);
    await eventually(async () =>
      expect(await gateway.get(`/v1/erasures/${body.id}`)).toMatchObject({ status: 'completed' }),
    );
    expect(await exported(spelled(word))).toEqual([]);
    // Another address, to whomever it leads.
    expect((await gateway.recipients(tagged.id))[0]?.address).toBe(kept(`${word}+tag`));
  });

  it('is not all: mail to others may name the address, which a receipt reports on request', async () => {
    const { gateway } = actors;
    const person = `${unique('named.')}@example.com`;
    const inText = await gateway.deliver(
      aMessage()
        .with({ html: `<a href="mailto:${person}">write</a>` })
        .to('lee@example.com'),
    );
    const inUrl = await gateway.deliver(
      aMessage()
        .with({ text: `https://shop.example/?u=${encodeURIComponent(person.toUpperCase())}` })
        .to('lee@example.com'),
    );
    const inValue = await gateway.deliver(
      aMessage()
        .with({ html: '{{friend}}' })
        .toRecipients({ address: 'lee@example.com', variables: { friend: person } }),
    );
    await gateway.deliver(
      aMessage()
        .with({ html: `jo.${person}` })
        .to('lee@example.com'),
    );
    const own = await gateway.deliver(aMessage().with({ html: person }).to(person));
    const request = { addresses: [person], mentionDays: 30 };
    const mentions = { days: 30, complete: true, messages: 3, messageIds: [inValue.id, inUrl.id, inText.id] };
    const plan = await gateway.post('/v1/erasures', { ...request, dryRun: true });
    expect(plan.body).toMatchObject({ mentions });
    const { body } = await gateway.post<{ id: string }>('/v1/erasures', request);
    const receipt = await eventually(async () => {
      const found = await gateway.get<Record<string, unknown>>(`/v1/erasures/${body.id}`);
      expect(found['status']).toBe('completed');
      return found;
    });
    expect(receipt).toMatchObject({ mentions });
    expect(JSON.stringify(receipt)).not.toContain(own.id);
    expect((await gateway.message(inText.id)) as unknown).toMatchObject({ html: expect.stringContaining(person) });
    const without = await gateway.post('/v1/erasures', { addresses: [person], dryRun: true });
    expect(without.body).not.toHaveProperty('mentions');
  });
});
