import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  actorsAt,
  asRole,
  Child,
  eventually,
  freshDatabase,
  OWNER_ROLE,
  asApplication,
  reservePort,
  unique,
  type Actors,
  type BatchView,
  type MessageView,
  type PageView,
} from '@gateway/testing';
import { readFileSync } from 'node:fs';
import { CheckoutWithAcme } from '../support/third-vendor.js';

interface SeenPush {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const INBOUND_TOKEN = unique('a-token-that-is-hard-to-guess-');

/** `npm start` in a checkout that has a third vendor, used from outside like any gateway. */
describe('npm start with a third vendor', () => {
  const checkout = new CheckoutWithAcme();
  const logFile = checkout.at('start.log');
  const logOf = (): string => readFileSync(logFile, 'utf8');
  let launcher: Child;
  let actors: Actors;

  beforeAll(async () => {
    const databaseUrl = await freshDatabase();
    const apiKey = unique('gk_of_a_third_vendor_');
    const port = await reservePort();
    const { PATH, HOME } = process.env;
    launcher = new Child({
      name: 'npm start',
      command: 'npm',
      args: ['start', '--prefix', checkout.folder],
      logFile,
      env: {
        PATH,
        HOME,
        DATABASE_URL: asApplication(databaseUrl),
        DATABASE_MIGRATION_URL: asRole(databaseUrl, OWNER_ROLE),
        DATA_DIR: checkout.at('.data'),
        GATEWAY_API_KEY: apiKey,
        PORT: String(port),
        ACME_INBOUND_TOKEN: INBOUND_TOKEN,
        RECOVERY_INTERVAL_MS: '400',
        SETTLE_MS: '1500',
        LEASE_MS: '1000',
        PROVIDER_TIMEOUT_MS: '2000',
      },
    });
    await launcher.untilUp(async () => (logOf().includes('Ctrl-C stops everything') ? 'up' : 'not started'));
    const simulatorUrl = /control (http\S+)\/control/.exec(logOf())?.[1] ?? '';
    const apiUrl = `http://127.0.0.1:${port}`;
    actors = actorsAt({
      queue: 'postgres',
      apiUrl,
      apiKey,
      simulatorUrl,
      databaseUrl,
      applicationUrl: asApplication(databaseUrl),
      logs: checkout.folder,
    });
  }, 180_000);

  afterAll(async () => {
    await launcher.end('SIGTERM');
    checkout.remove();
  }, 60_000);

  const control = async <T>(method: string, path: string): Promise<readonly T[]> => {
    const answer = await fetch(`${actors.address.simulatorUrl}/control/acme/${path}`, { method });
    return ((await answer.json()) as { data: readonly T[] }).data;
  };

  const pending: SeenPush[] = [];

  /** The vendor reports what it has not reported before, and what was not taken then. */
  const push = async (): Promise<void> => {
    pending.push(...(await control<SeenPush>('POST', 'pushes')));
    for (const next of pending.splice(0)) {
      const url = `${actors.address.apiUrl}/v1/inbound/acme/${INBOUND_TOKEN}`;
      const { ok } = await fetch(url, { method: 'POST', ...next });
      if (!ok) pending.push(next);
    }
  };

  const delivered = (id: string): Promise<void> =>
    eventually(async () => {
      await push();
      const message = await actors.gateway.get<MessageView>(`/v1/messages/${id}`);
      expect([message.status, message.counts['delivered']]).toEqual(['completed', message.recipientCount]);
    });

  /** The processes that send: all workers that were ever started. */
  const workers = (): readonly number[] =>
    [...logOf().matchAll(/"pid":(\d+).*"the worker runs"/g)].map(([, pid]) => Number(pid));

  it('shows its account, as it shows the others', async () => {
    const { data } = await actors.gateway.get<PageView<{ name: string; capabilities: object }>>('/v1/providers');
    expect(data.find(({ name }) => name === 'acme')?.capabilities).toMatchObject({
      doubt: 'repeat',
      tracking: ['push'],
    });
  });

  it('delivers a mail that is sent from outside, as told by a push', async () => {
    const sender = aSender();
    const { id } = await actors.gateway.send(aMessage().through('acme').from(sender).toMany(3));
    await delivered(id);
    const mails = await actors.simulator.mails(sender);
    expect(mails.map(({ provider, address }) => [provider, address])).toEqual(
      [0, 1, 2].map((n) => ['acme', `r.${n}@example.com`]),
    );
  });

  it.each([
    ['a header that another vendor sets itself', { headers: { Newsgroups: 'shop.news' } }],
    ['a header value that is too long for another vendor', { headers: { 'X-Trace': 'x'.repeat(1500) } }],
    ['a name that is too long for others', { to: [{ address: 'kim@example.com', name: 'K'.repeat(400) }] }],
  ])('goes by the limits of its account: %s', async (_, fields) => {
    const message = aMessage().with(fields);
    const { routing } = await actors.gateway.send(message);
    expect(routing.provider).toBe('acme');
    const refused = await actors.gateway.post('/v1/messages', message.through('nhn').build());
    expect(refused.status).toBe(422);
  });

  it('settles the doubt of a killed worker by a repeat with the same key, and sends nothing twice', async () => {
    const sender = aSender();
    const fault = await actors.simulator.trouble({ kind: 'hang', afterAccept: true, operation: 'send', sender });
    const { id } = await actors.gateway.send(aMessage().through('acme').from(sender).toMany(2));
    await eventually(async () => expect(await actors.simulator.hits(fault)).toBe(1));

    for (const pid of workers()) process.kill(pid, 'SIGKILL');

    // No push meanwhile: it would settle the doubt, too.
    await eventually(async () => {
      const [request] = await actors.simulator.requests(sender);
      const keys = await control<{ key: string; asked: number }>('GET', 'keys');
      expect(keys.find(({ key }) => key === request?.marker)?.asked).toBe(2);
    });
    await delivered(id);
    expect(logOf()).toContain('worker ended (SIGKILL), starting it again');
    const [request, ...others] = await actors.simulator.requests(sender);
    expect(others).toEqual([]);
    expect(await actors.simulator.summary(sender)).toMatchObject({
      recipients: 2,
      duplicates: { count: 0 },
      repeatedAddresses: { count: 0 },
    });
    const { data: batches } = await actors.gateway.get<PageView<BatchView>>(`/v1/messages/${id}/batches`);
    expect(batches.map(({ providerRequestId }) => providerRequestId)).toEqual([request?.requestId]);
    expect(batches[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['adopted']);
  });
});
