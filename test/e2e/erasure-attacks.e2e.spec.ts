import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
  const actors = useOwnGateway({ queue: 'postgres', env: { BOUNCE_SUPPRESSION_DAYS: '7' } });
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
});
