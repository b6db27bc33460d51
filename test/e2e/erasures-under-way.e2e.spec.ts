import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, eventually, unique, useOwnGateway, type ProblemView } from '@gateway/testing';
import pg from 'pg';
import { tracesOf } from '../support/traces.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

interface Receipt {
  readonly id: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Work that has an address in memory when an erasure ends, and writes it down afterwards. */
describe('an erasure beside work that is under way', () => {
  const actors = useOwnGateway({
    queue: 'postgres',
    env: { PROVIDER_TIMEOUT_MS: '10000', WEBHOOK_RETRY_DELAYS: '300ms,300ms,60s' },
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

  describe.each([
    ['a single event', {}],
    ['a batch', { batch: { maxEvents: 50, maxWaitMs: 300 } }],
  ])('leaves no address behind in a request with %s', (_, settings) => {
    it.each([
      ['sent for the first time', 1, ['lee@example.com']],
      ['sent again', 2, ['lee@example.com']],
      ['sent about mail to this recipient only', 1, []],
    ])('that is %s and answered after the receipt', async (_, held, others) => {
      const { gateway } = actors;
      const address = `${unique('hook-')}@example.com`;
      const receiver = await WebhookReceiver.start();
      const answers: (() => void)[] = [];
      receiver.answer = ({ webhookId, text }) => {
        if (!text.includes(address)) return 204;
        if (receiver.received.filter((request) => request.webhookId === webhookId).length < held) return 503;
        return (response) => void answers.push(() => response.writeHead(503).end(`not now: ${text}`));
      };
      const { body: endpoint } = await gateway.post<{ id: string }>('/v1/webhook-endpoints', {
        url: receiver.url,
        events: ['recipient.*'],
        ...settings,
      });
      const message = await gateway.deliver(aMessage().to(address, ...others));
      await eventually(async () => expect(answers.length).toBeGreaterThan(0));
      expect((await completed((await request(address)).id)).counts).toMatchObject({ recipients: 1 });
      expect(await tracesOf(database, address)).toEqual([]);
      for (const answer of answers) answer();
      await eventually(async () => {
        const { rows } = await database.query<{ free: boolean }>(
          'SELECT lease_until IS NULL AS free FROM webhook_endpoint ORDER BY id DESC LIMIT 1',
        );
        expect(rows).toEqual([{ free: true }]);
      });
      expect(await tracesOf(database, address)).toEqual([]);
      // Events of mail to others stay, without the address, and are sent again.
      const left = (await gateway.events(message.id)).filter(({ type }) => type.startsWith('recipient.'));
      expect(left.length > 0).toBe(others.length > 0);
      const ids = left.map((event) => event.id);
      await eventually(async () => expect(receiver.eventIds).toEqual(expect.arrayContaining(ids)));
      await gateway.call('DELETE', `/v1/webhook-endpoints/${endpoint.id}`);
      await receiver.stop();
    });
  });

  it('leaves no address behind that a comparison of suppression lists is just registering at an account', async () => {
    const { gateway, simulator } = actors;
    const address = `${unique('compared-')}@example.com`;
    await gateway.post('/v1/suppressions', { addresses: [address], scope: 'marketing' });
    const slow = await simulator.trouble({
      kind: 'slow',
      provider: 'nhn',
      operation: 'other',
      delayMs: 4000,
      times: 2,
    });
    const compared = gateway.post('/v1/suppressions/sync', { provider: 'nhn' });
    await eventually(async () => expect(await simulator.hits(slow)).toBe(2));
    const { id } = await request(address);
    expect((await compared).status).toBe(200);
    await completed(id);
    expect(await tracesOf(database, address)).toEqual([]);
    expect(await simulator.blockList('nhn', address)).toEqual([]);
    expect((await gateway.deliver(aMessage().marketing().to(address, 'kim@example.com'))).counts).toMatchObject({
      suppressed: 1,
    });
  });

  it('leaves no address behind on the list of an account that a group is just being pushed to', async () => {
    const { gateway, simulator } = actors;
    const word = unique('pushed-');
    const address = `${word}@example.com`;
    const { body: group } = await gateway.post<{ id: string }>('/v1/groups', { name: word });
    for (const each of [address, `other-${address}`]) {
      await gateway.post('/v1/contacts', { addresses: [each], groups: [word] });
    }
    // The third call is the one that takes the contacts to the list.
    const slow = await simulator.trouble({ kind: 'slow', provider: 'ncp', operation: 'other', delayMs: 4000, skip: 2 });
    const pushed = gateway.post(`/v1/groups/${group.id}/push`, { provider: 'ncp' });
    await eventually(async () => expect(await simulator.hits(slow)).toBe(1));
    const { id } = await request(address);
    expect(await pushed).toMatchObject({ status: 200, body: { providerAddressCount: 2 } });
    expect(await completed(id)).toMatchObject({ remaining: [], counts: { contacts: 1 } });
    expect(await tracesOf(database, address, `other-${address}`)).toEqual([]);
    const { data } = await gateway.get<{ data: readonly object[] }>('/v1/providers/ncp/groups');
    expect(data).toContainEqual(expect.objectContaining({ groupId: group.id, addressCount: 1 }));
  });

  it('leaves no address behind in mail to an audience that is just being expanded', async () => {
    const { gateway } = actors;
    const word = unique('audience-');
    const address = `${word}@example.com`;
    await gateway.post('/v1/groups', { name: word });
    await gateway.post('/v1/contacts', { addresses: [address], groups: [word] });
    await gateway.send(aMessage().with({ to: undefined, audience: word }).dueIn(2000));
    // The expansion will have read the contact, and cannot write its batches yet.
    await database.query('BEGIN; LOCK TABLE batch IN EXCLUSIVE MODE');
    try {
      await eventually(async () => {
        const { rowCount } = await database.query(
          `SELECT FROM pg_locks w JOIN pg_locks h ON h.pid = w.pid AND h.granted
           WHERE w.relation = 'batch'::regclass AND NOT w.granted AND h.relation = 'recipient'::regclass
             AND h.mode = 'RowExclusiveLock'`,
        );
        expect(rowCount).toBeGreaterThan(0);
      });
      const { id } = await request(address);
      await eventually(async () => {
        const { status } = await gateway.get<Receipt>(`/v1/erasures/${id}`);
        expect(['pending', 'completed']).toContain(status);
      });
      await database.query('COMMIT');
      await completed(id);
    } finally {
      await database.query('ROLLBACK');
    }
    expect(await tracesOf(database, address)).toEqual([]);
  });
});
