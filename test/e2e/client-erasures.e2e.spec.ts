import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, eventually, unique, useOwnGateway, type GatewayClient } from '@gateway/testing';
import pg from 'pg';
import { tracesOf } from '../support/traces.js';

interface Receipt {
  readonly id: string;
  readonly client?: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
}

describe('an administrator of one client', () => {
  const actors = useOwnGateway();
  let database: pg.Client;
  beforeAll(async () => {
    database = new pg.Client({ connectionString: actors.address.databaseUrl });
    await database.connect();
  });
  afterAll(() => database.end());

  const keyOf = async (client: string): Promise<string> => {
    const fields = { client, name: 'admin', scopes: ['admin', 'messages:write'] };
    return (await actors.gateway.post<{ key: string }>('/v1/api-keys', fields)).body.key;
  };
  const administrator = async (client: string): Promise<GatewayClient> => actors.gateway.as(await keyOf(client));
  const completed = (by: GatewayClient, id: string): Promise<Receipt> =>
    eventually(async () => {
      const found = await by.get<Receipt>(`/v1/erasures/${id}`);
      expect(found.status).toBe('completed');
      return found;
    });
  /** Mail, a contact and stored answers, with a name that shows whose they are. */
  const givenTo = async (by: GatewayClient, address: string, name: string): Promise<void> => {
    const key = () => ({ 'idempotency-key': unique('key-') });
    const to = { address, name, variables: { code: `code of ${name}` } };
    const { id } = await by.send(aMessage().toRecipients(to, { address: `other-${name}@example.com` }), key());
    await by.waitUntilFinal(id);
    await by.waitUntilFinal((await by.send(aMessage().with({ subject: name }).to(address), key())).id);
    const contact = await by.post('/v1/contacts', { name, addresses: [address] }, key());
    expect(contact.status).toBe(201);
  };

  it('erases what is of that client, and nothing of others', async () => {
    const { gateway } = actors;
    const names = [unique('Shop-'), unique('Bank-'), unique('Own-')] as const;
    const [shop, bank] = [await administrator(names[0].toLowerCase()), await administrator(names[1].toLowerCase())];
    const address = `${unique('shared.')}@example.com`;
    for (const [i, by] of [shop, bank, gateway].entries()) await givenTo(by, address.toUpperCase(), names[i] ?? '');
    await gateway.post('/v1/suppressions', { addresses: [address], scope: 'marketing', reason: 'asked' });

    const counted = await shop.post<Receipt>('/v1/erasures', { addresses: [address], dryRun: true });
    expect(counted.body.counts).toMatchObject({ messages: 1, recipients: 2, contacts: 1, suppressions: 0 });
    const { status, body } = await shop.post<Receipt>('/v1/erasures', { addresses: [address] });
    expect([status, body.client]).toEqual([202, names[0].toLowerCase()]);
    const done = await completed(shop, body.id);
    expect(done.counts).toMatchObject({ messages: 1, recipients: 2, contacts: 1, suppressions: 0 });

    expect(await tracesOf(database, `code of ${names[0]}`)).toEqual([]);
    // Named by the erasure itself; the name of the client is not the person's.
    expect(await tracesOf(database, names[0], names[0].toLowerCase())).toEqual([]);
    for (const name of names.slice(1)) {
      expect((await tracesOf(database, `code of ${name}`)).length).toBeGreaterThan(0);
    }
    const mailOf = async (by: GatewayClient): Promise<number> =>
      (await by.get<{ data: unknown[] }>('/v1/recipients', { address })).data.length;
    expect([await mailOf(shop), await mailOf(bank), await mailOf(gateway)]).toEqual([0, 2, 2]);
    const contactsOf = async (by: GatewayClient): Promise<number> =>
      (await by.get<{ data: unknown[] }>('/v1/contacts', { address })).data.length;
    expect([await contactsOf(shop), await contactsOf(bank), await contactsOf(gateway)]).toEqual([0, 1, 1]);
    // One company, one opt-out: it is not that client's to erase.
    const listed = await gateway.get<{ data: unknown[] }>('/v1/suppressions', { address });
    expect(listed.data).toMatchObject([{ address, reason: 'asked' }]);

    // The receipt is the client's.
    expect((await bank.call('GET', `/v1/erasures/${body.id}`)).status).toBe(404);
    expect(await bank.get('/v1/erasures')).toMatchObject({ data: [] });
    expect(await shop.get('/v1/erasures')).toMatchObject({ data: [{ id: body.id }] });
    expect(await gateway.get(`/v1/erasures/${body.id}`)).toMatchObject({ client: names[0].toLowerCase() });

    // The whole company's erasure takes the rest, and its receipt is not the client's.
    const whole = await gateway.post<Receipt>('/v1/erasures', { addresses: [address] });
    expect(whole.body.client).toBeUndefined();
    const all = await completed(gateway, whole.body.id);
    expect(all.counts).toMatchObject({ messages: 2, recipients: 4, contacts: 2, suppressions: 1 });
    expect(await tracesOf(database, address)).toEqual([]);
    expect((await shop.call('GET', `/v1/erasures/${whole.body.id}`)).status).toBe(404);
  });

  it('exports what is of that client only', async () => {
    const { gateway } = actors;
    const names = [unique('shop-'), unique('bank-')] as const;
    const keys = [await keyOf(names[0]), await keyOf(names[1])] as const;
    const [shop, bank] = [gateway.as(keys[0]), gateway.as(keys[1])];
    const address = `${unique('export.')}@example.com`;
    await givenTo(shop, address, names[0]);
    await givenTo(bank, address, names[1]);
    const path = `/v1/recipients?address=${encodeURIComponent(address)}`;
    const headers = { accept: 'application/x-ndjson' };
    const exported = async (key: string, more = ''): Promise<string> =>
      (await fetch(gateway.url + path + more, { headers: { ...headers, authorization: `Bearer ${key}` } })).text();
    const ofShop = await exported(keys[0]);
    expect(ofShop).toContain(`code of ${names[0]}`);
    expect(ofShop).not.toContain(names[1]);
    expect((await shop.call('GET', `${path}&allClients=true`, { headers })).status).toBe(403);
    const ofAll = await exported(actors.address.apiKey, '&allClients=true');
    for (const name of names) expect(ofAll).toContain(`"client":"${name}"`);
    const listed = await gateway.call('GET', `${path}&allClients=true`);
    expect([listed.status, listed.body.errors?.[0]?.pointer]).toEqual([422, '/allClients']);
  });
});
