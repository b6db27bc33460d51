import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, aSender, eventually, useOwnGateway, type MessageView } from '@gateway/testing';
import { consultDoctor } from '../support/consult-doctor.js';

interface Account {
  readonly name: string;
  readonly kind: string;
  readonly quota: { readonly recipients: number | null; readonly used: number };
  readonly health: { readonly status: string };
}

interface Accounts {
  readonly data: readonly Account[];
  readonly unconfigured: readonly { readonly name: string; readonly batches: object }[];
}

/** Two accounts of one kind beside one of another, all of them at one simulator. */
const names = { ACCOUNTS: 'ncp,ncp-marketing,nhn', ACCOUNT_NCP_MARKETING_KIND: 'ncp' };
const SANDBOX_KEYS = { access: 'sandbox-ncp-access-key', secret: 'sandbox-ncp-secret-key' };

describe('several accounts of one kind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-keys-'));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), `${content}\n`);
    return join(folder, name);
  };
  const env = {
    ...names,
    ACCOUNT_NCP_MARKETING_ACCESS_KEY: SANDBOX_KEYS.access,
    ACCOUNT_NCP_MARKETING_SECRET_KEY_FILE: file('secret', SANDBOX_KEYS.secret),
    ACCOUNT_NCP_MARKETING_MONTHLY_QUOTA: '5000',
    PROVIDER_ORDER: 'ncp-marketing,nhn,ncp',
    SENT_FINAL_MS: '4000',
    // Longer than any test: what is tried earlier has another reason.
    RETRY_MAX_MS: '600000',
  };
  const actors = useOwnGateway({ queue: 'postgres', env });
  let database: pg.Pool;
  beforeAll(() => void (database = new pg.Pool({ connectionString: actors.address.databaseUrl, max: 1 })));
  afterAll(async () => {
    await database.end();
    rmSync(folder, { recursive: true });
  });

  const restart = async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
    const { running } = actors;
    for (const part of ['api', 'worker'] as const) await running.end(part, 'SIGTERM');
    await Promise.all((['api', 'worker'] as const).map((part) => running.start(part, more)));
  };

  const accounts = (): Promise<Accounts> => actors.gateway.get<Accounts>('/v1/providers');
  const account = async (name: string): Promise<Account | undefined> =>
    (await accounts()).data.find((one) => one.name === name);
  const by = (message: MessageView): string => message.routing.provider;

  it('work side by side, with their own quota, pause, metrics and copies of files', async () => {
    const { gateway } = actors;
    const from = aSender();
    expect((await accounts()).data.map(({ name, kind }) => `${name}:${kind}`)).toEqual([
      'ncp-marketing:ncp',
      'nhn:nhn',
      'ncp:ncp',
    ]);
    const used = async (name: string): Promise<number> => (await account(name))?.quota.used ?? NaN;
    const before = [await used('ncp'), await used('ncp-marketing')] as const;
    const attachment = await gateway.upload('a.txt', 'hello');
    await gateway.post('/v1/providers/ncp/pause', {});
    const waiting = await gateway.send(
      aMessage().from(from).through('ncp').to('kim@example.com').withFiles(attachment),
    );
    const sent = await gateway.deliver(aMessage().from(from).through('ncp-marketing').toMany(20).withFiles(attachment));
    expect([sent.status, by(sent)]).toEqual(['completed', 'ncp-marketing']);
    expect((await gateway.recipients(sent.id)).every(({ provider }) => provider?.name === 'ncp-marketing')).toBe(true);
    expect((await gateway.message(waiting.id)).waiting).toMatchObject({ account: 'ncp' });
    expect((await account('ncp-marketing'))?.quota).toMatchObject({ recipients: 5000, used: before[1] + 20 });
    expect((await account('ncp'))?.quota).toMatchObject({ recipients: 1_000_000, used: before[0] });
    await gateway.post('/v1/providers/ncp/resume', {});
    expect((await gateway.waitUntilFinal(waiting.id)).status).toBe('completed');
    const { rows } = await database.query<{ provider: string; file: string }>(
      'SELECT provider, file_id AS file FROM attachment_copy ORDER BY provider',
    );
    expect(rows.map(({ provider }) => provider)).toEqual(['ncp', 'ncp-marketing']);
    expect(new Set(rows.map((row) => row.file)).size).toBe(2);
  });

  it('share the copy of a template, because both are of one project at the vendor', async () => {
    const { gateway } = actors;
    const template = await gateway.post<{ id: string }>('/v1/templates', {
      name: `of two accounts`,
      subject: 'Hi',
      from: { address: 'shop@example.com', name: 'Shop' },
      html: 'Hello {{name}}',
    });
    const push = (provider: string) =>
      gateway.post<{ providerTemplateId: string }>(`/v1/templates/${template.body.id}/push`, { provider });
    expect(template).toMatchObject({ status: 201 });
    const [one, other] = [await push('ncp'), await push('ncp-marketing')];
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(other.body.providerTemplateId).toBe(one.body.providerTemplateId);
  });

  it('go over to a new secret without a restart', async () => {
    const { gateway } = actors;
    const from = aSender();
    file('secret', 'not-the-secret-of-this-account');
    const { id } = await gateway.send(aMessage().from(from).through('ncp-marketing').to('kim@example.com').dueIn(1200));
    await gateway.waitUntil(id, ({ counts }) => counts.deferred === 1);
    expect((await account('ncp-marketing'))?.health.status).toBe('paused');
    expect((await account('ncp'))?.health.status).not.toBe('paused');
    file('secret', SANDBOX_KEYS.secret);
    expect((await gateway.waitUntilFinal(id)).status).toBe('completed');
  });

  describe('of which one is removed', () => {
    /** Its variables, not set. */
    const without = {
      ACCOUNTS: 'ncp,nhn',
      PROVIDER_ORDER: 'nhn,ncp',
      ...Object.fromEntries(
        ['KIND', 'ACCESS_KEY', 'SECRET_KEY', 'SECRET_KEY_FILE', 'BASE_URL', 'MONTHLY_QUOTA'].map((setting) => [
          `ACCOUNT_NCP_MARKETING_${setting}`,
          '',
        ]),
      ),
    };
    const from = aSender();
    const ids = { followed: '', doubted: '', auto: '', bound: '', audience: '' };

    beforeAll(async () => {
      const { gateway, simulator, running } = actors;
      const through = (to: string) => gateway.send(aMessage().from(from).through('ncp-marketing').to(to));
      ids.followed = (await through('slow+600s@example.com')).id;
      await gateway.waitUntil(ids.followed, ({ counts }) => counts.submitted + counts.sending === 1);
      await simulator.trouble({ kind: 'drop', provider: 'ncp', operation: 'send', sender: from, times: -1 });
      await simulator.trouble({ kind: 'error_500', provider: 'ncp', operation: 'find', times: -1 });
      ids.doubted = (await through('doubt@example.com')).id;
      await gateway.waitUntil(ids.doubted, ({ counts }) => counts.unconfirmed === 1);
      for (const name of ['ncp', 'ncp-marketing', 'nhn']) await gateway.post(`/v1/providers/${name}/pause`, {});
      // A worker has heard of it within a second.
      await sleep(1500);
      ids.auto = (await gateway.send(aMessage().from(from).to('auto@example.com'))).id;
      ids.bound = (await through('bound@example.com')).id;
      expect((await gateway.post('/v1/groups', { name: 'members' })).status).toBe(201);
      const contact = { addresses: ['member@example.com'], groups: ['members'] };
      expect((await gateway.post('/v1/contacts', contact)).status).toBe(201);
      const toMembers = aMessage().from(from).with({ to: undefined, audience: 'members' });
      ids.audience = (await gateway.send(toMembers.dueIn(5000))).id;
      expect(by(await gateway.message(ids.auto))).toBe('ncp-marketing');
      await running.end('worker', 'SIGTERM');
      // Not ncp, whose vendor leaves mail of this sender without an answer.
      await gateway.post('/v1/providers/nhn/resume', {});
      await restart(without);
    }, 120_000);

    it('sends its waiting mail through another account where the caller left the choice', async () => {
      for (const id of [ids.auto, ids.audience]) {
        expect(await actors.gateway.waitUntilFinal(id)).toMatchObject({
          status: 'completed',
          routing: { failovers: [{ from: 'ncp-marketing', to: 'nhn', reason: 'provider_unavailable' }] },
        });
      }
    });

    it('reports it, with its mail, to operators', async () => {
      const { address } = actors;
      await eventually(async () =>
        expect((await accounts()).unconfigured).toEqual([
          { name: 'ncp-marketing', batches: expect.objectContaining({ unconfirmed: 1 }) },
        ]),
      );
      const { code, said } = await consultDoctor({ DATABASE_URL: address.databaseUrl });
      expect([code, said]).toEqual([1, expect.stringContaining('account ncp-marketing is not configured')]);
    });

    it('ends mail that it can no longer follow, and says that its fate is unknown', async () => {
      const { gateway } = actors;
      await gateway.waitUntil(ids.followed, ({ counts }) => counts.expired === 1);
      expect(await gateway.recipients(ids.followed)).toMatchObject([{ status: 'expired', reason: 'unknown' }]);
      expect((await gateway.events(ids.followed)).map(({ type }) => type)).toContain('recipient.expired');
    });

    it('keeps the rest waiting, says why once, and goes on when the account returns', async () => {
      const { gateway, simulator } = actors;
      expect(await gateway.message(ids.bound)).toMatchObject({
        counts: { deferred: 1 },
        waiting: { account: 'ncp-marketing', detail: 'no account "ncp-marketing" is configured', until: null },
      });
      expect((await gateway.message(ids.doubted)).counts).toMatchObject({ unconfirmed: 1 });
      expect((await gateway.events(ids.bound)).map(({ type }) => type)).toEqual(['message.accepted', 'batch.deferred']);
      await simulator.endAllTrouble();
      await restart();
      for (const name of ['ncp', 'ncp-marketing']) await gateway.post(`/v1/providers/${name}/resume`, {});
      for (const id of [ids.bound, ids.doubted]) {
        const message = await gateway.waitUntilFinal(id);
        expect(message).toMatchObject({ status: 'completed', routing: { failovers: [] } });
      }
      expect((await accounts()).unconfigured).toEqual([]);
      expect(await simulator.summary(from)).toMatchObject({
        ncp: { recipients: 3 },
        nhn: { recipients: 2 },
        repeatedAddresses: { count: 0 },
      });
    });
  });
});
