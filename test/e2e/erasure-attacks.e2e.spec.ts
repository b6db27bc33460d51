import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeId } from '@gateway/core';
import { aMessage, eventually, unique, useOwnGateway, type ProblemView } from '@gateway/testing';
import pg from 'pg';
import { tracesOf } from '../support/traces.js';

interface Receipt {
  readonly id: string;
  readonly status: string;
  readonly addressCount: number;
  readonly counts: Readonly<Record<string, number>>;
}

describe('an erasure', () => {
  const actors = useOwnGateway({
    queue: 'postgres',
    env: { BOUNCE_SUPPRESSION_DAYS: '7' },
  });
  let database: pg.Client;
  beforeAll(async () => {
    database = new pg.Client({ connectionString: actors.address.databaseUrl });
    await database.connect();
  });
  afterAll(() => database.end());

  const request = async (...addresses: readonly string[]): Promise<Receipt> => {
    const { status, body } = await actors.gateway.post<Receipt & ProblemView>('/v1/erasures', { addresses });
    expect([status, body.errors]).toEqual([202, undefined]);
    return body;
  };
  const completed = (id: string): Promise<Receipt> =>
    eventually(async () => {
      const found = await actors.gateway.get<Receipt>(`/v1/erasures/${id}`);
      expect(found.status).toBe('completed');
      return found;
    }, 60_000);

  it('takes 5,000 spellings of an address as one', async () => {
    const word = unique('spelled');
    const { id } = await actors.gateway.deliver(aMessage().to(`${word}@example.com`));
    // As many letters as tell 5,000 numbers apart, in upper or lower case.
    const spellings = Array.from({ length: 5000 }, (_, n) => {
      const local = [...`${word}abcdefghijklm`].map((c, i) => ((n >> (i % 13)) & 1 ? c.toUpperCase() : c)).join('');
      return `${local.slice(0, word.length)}@${n % 2 ? 'EXAMPLE' : 'example'}.com`;
    });
    const asked = await request(...spellings);
    expect(asked.addressCount).toBe(1);
    expect((await completed(asked.id)).counts).toMatchObject({ messages: 1, recipients: 1 });
    expect(await actors.gateway.message(id)).toMatchObject({ erasedAt: expect.any(String) });
  });

  it('takes 5,000 addresses, most of which are unknown', async () => {
    const address = `${unique('one-of-many-')}@example.com`;
    await actors.gateway.deliver(aMessage().to(address));
    const others = Array.from({ length: 4999 }, (_, n) => `unknown-${n}@example.com`);
    const asked = await request(address, ...others);
    expect(asked.addressCount).toBe(5000);
    expect((await completed(asked.id)).counts).toMatchObject({ messages: 1, recipients: 1 });
    expect(await tracesOf(database, address)).toEqual([]);
    expect(await tracesOf(database, 'unknown-17@example.com')).toEqual([]);
  });

  it('keeps the suppression of a hard bounce, also when the address is imported and sent to again', async () => {
    const { gateway } = actors;
    const address = `bounce+unknown_user@${unique('b-')}.example.com`;
    expect((await gateway.deliver(aMessage().to(address))).counts).toMatchObject({ bounced: 1 });
    await completed((await request(address)).id);
    expect(await tracesOf(database, address)).toEqual([]);
    // It comes back as new data, and is blocked for as long as before.
    await gateway.call('POST', '/v1/contacts/import', {
      body: JSON.stringify({ addresses: [address], groups: ['back'] }),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const again = await gateway.deliver(aMessage().to(address, 'kim@example.com'));
    expect(again.counts).toMatchObject({ suppressed: 1, delivered: 1 });
    const [recipient] = await gateway.recipients(again.id);
    expect(recipient).toMatchObject({ address, status: 'suppressed', reason: 'unknown_user' });
    const audience = await gateway.waitUntilFinal(
      (await gateway.send(aMessage().with({ to: undefined, audience: 'back' }))).id,
    );
    expect(audience.counts).toMatchObject({ suppressed: 1, bounced: 0 });
    const { rows } = await database.query<{ days: number }>(
      `SELECT extract(day FROM expires_at - now())::int AS days FROM suppression WHERE hashed AND source = 'bounce'`,
    );
    expect(rows).toEqual([{ days: 6 }]);
    // And it can be erased again.
    const third = await completed((await request(address)).id);
    expect(third.counts).toMatchObject({ contacts: 1 });
    expect(await tracesOf(database, address)).toEqual([]);
    expect((await gateway.deliver(aMessage().to(address, 'kim@example.com'))).counts).toMatchObject({ suppressed: 1 });
  });

  it('leaves no address behind that a bounce suppresses while the erasure waits for the mail', async () => {
    const { gateway } = actors;
    const address = `bounce+unknown_user@${unique('late-')}.example.com`;
    const { id: messageId } = await gateway.send(aMessage().to(address).dueIn(3000));
    const { id } = await request(address);
    await eventually(async () => {
      expect((await gateway.get<Receipt>(`/v1/erasures/${id}`)).status).toBe('pending');
    });
    expect((await gateway.waitUntilFinal(messageId)).counts).toMatchObject({ bounced: 1 });
    expect((await completed(id)).counts).toMatchObject({ messages: 1, suppressions: 1 });
    expect(await tracesOf(database, address)).toEqual([]);
    expect((await gateway.deliver(aMessage().to(address, 'kim@example.com'))).counts).toMatchObject({ suppressed: 1 });
  });

  it('leaves no address behind in other fields of a contact that stays, and in refusals of a batch', async () => {
    const { gateway } = actors;
    const word = unique('fields-');
    const [address, second] = [`${word}@example.com`, `second-${word}@example.com`];
    const { body: contact } = await gateway.post<{ id: string }>('/v1/contacts', {
      externalId: address,
      name: `Kim <${address}>`,
      addresses: [address, second],
      attributes: { page: `https://x.example/?to=${address}&u=${encodeURIComponent(address)}`, tier: 'gold' },
    });
    const bad = { ...aMessage().to('kim@example.com').build(), headers: { [`a/${address}`]: 'x' } };
    const key = { 'idempotency-key': unique('key-') };
    const batch = await gateway.post('/v1/messages/batch', { messages: [bad] }, key);
    expect([batch.status, JSON.stringify(batch.body)]).toEqual([200, expect.stringContaining(address)]);
    await completed((await request(address)).id);
    expect(await tracesOf(database, address, second)).toEqual([]);
    expect(await gateway.get(`/v1/contacts/${contact.id}`)).toMatchObject({
      name: 'Kim <[erased]>',
      addresses: [second],
      attributes: { page: 'https://x.example/?to=[erased]&u=[erased]', tier: 'gold' },
    });
  });

  it('leaves no address behind in what shadows of routes and vendors quote of mail', async () => {
    const { gateway } = actors;
    const address = `${unique('quoted-')}@example.com`;
    const { id: alone } = await gateway.deliver(aMessage().to(address));
    const { id: both } = await gateway.deliver(aMessage().to(address, 'lee@example.com'));
    const { id: other } = await gateway.deliver(aMessage().to('lee@example.com'));
    const words = `no mailbox ${address}`;
    for (const id of [alone, both, other]) {
      const { rowCount } = await database.query(
        `WITH quoted AS (
           UPDATE batch SET provider_message = $2 WHERE message_id = $1 AND $3 RETURNING id
         )
         INSERT INTO route_shadow (route_id, account, examples)
         SELECT $1, 'nhn', json_build_array(
           json_build_object('messageId', $4::text, 'pointer', '/subject', 'sent', 'kept', 'shadow', 'kept'),
           json_build_object('messageId', $1::text, 'pointer', '/subject', 'sent', $5::text, 'shadow', 'x'))`,
        [uuidOf(id), words, id !== other, uuidOf(other), id === other ? 'kept' : words],
      );
      expect(rowCount).toBe(1);
    }
    await completed((await request(address)).id);
    expect(await tracesOf(database, address)).toEqual([]);
    const { rows } = await database.query<{ kept: number }>(
      'SELECT json_array_length(examples) AS kept FROM route_shadow WHERE account = $1 ORDER BY 1',
      ['nhn'],
    );
    expect(rows).toEqual([{ kept: 1 }, { kept: 1 }, { kept: 2 }]);
  });
});

const uuidOf = (id: string): string => decodeId('message', id) ?? id;
