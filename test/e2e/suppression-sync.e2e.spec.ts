import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  actorsAt,
  aMessage,
  aSender,
  eventually,
  freshDatabase,
  TestGateway,
  unique,
  type Actors,
  type PageView,
} from '@gateway/testing';

interface Synced {
  readonly provider: string;
  readonly status: string;
  readonly gateway: { readonly added: number; readonly removed: number };
  readonly account: { readonly added: number; readonly removed: number; readonly ignored: number };
  readonly problem?: { readonly code: string };
}

type Vendor = 'ncp' | 'nhn';
const VENDORS: readonly Vendor[] = ['ncp', 'nhn'];
const anAddress = (): string => `${unique('o-')}x@example.com`;
const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

function useOwnGateway(env: Readonly<Record<string, string>>): Actors & { readonly sql: pg.Pool } {
  const actors = {} as Actors & { sql: pg.Pool };
  let running: TestGateway;
  beforeAll(async () => {
    const databaseUrl = await freshDatabase();
    running = await TestGateway.start({ databaseUrl, env });
    Object.assign(actors, actorsAt(running.address), { sql: new pg.Pool({ connectionString: databaseUrl }) });
  }, 120_000);
  afterAll(async () => {
    await actors.sql.end();
    await running.stop();
  });
  return actors;
}

const actions = (actors: Actors) => ({
  suppress: (scope: string, ...addresses: readonly string[]) =>
    actors.gateway.post('/v1/suppressions', { addresses, scope }),
  allow: async (address: string) =>
    void (await actors.gateway.call('DELETE', `/v1/suppressions/${encodeURIComponent(address)}`)),
  ours: async (address: string) =>
    (await actors.gateway.get<PageView<{ scope: string; source: string }>>('/v1/suppressions', { address })).data,
  theirs: async (vendor: Vendor, address: string) => (await actors.simulator.blockList(vendor, address)).length > 0,
  optOutAt: (provider: Vendor, address: string, since?: string) =>
    actors.simulator.changeBlockList('POST', { provider, addresses: [address], ...(since && { since }) }),
  takeOffAt: (provider: Vendor, address: string) =>
    actors.simulator.changeBlockList('DELETE', { provider, addresses: [address] }),
});

describe('the list of suppressions beside those of the providers', () => {
  const actors = useOwnGateway({});
  const { suppress, allow, ours, theirs, optOutAt, takeOffAt } = actions(actors);
  const sync = async (provider?: Vendor): Promise<readonly Synced[]> => {
    const { status, body } = await actors.gateway.post<{ results: readonly Synced[] }>('/v1/suppressions/sync', {
      ...(provider && { provider }),
    });
    expect(status).toBe(200);
    return body.results;
  };
  const nothing = { added: 0, removed: 0 };

  // Each story begins with lists that agree.
  beforeEach(async () => void (await sync()));

  it('copies what only one side has to the other, and then finds nothing to do', async () => {
    const [here, atNcp, atNhn] = [anAddress(), anAddress(), anAddress()];
    await suppress('marketing', here);
    await optOutAt('ncp', atNcp.toUpperCase());
    await optOutAt('nhn', atNhn);
    expect(await sync()).toMatchObject([
      { provider: 'ncp', status: 'completed', gateway: { added: 1, removed: 0 }, account: { added: 2, removed: 0 } },
      { provider: 'nhn', status: 'completed', gateway: { added: 1, removed: 0 }, account: { added: 2, removed: 0 } },
    ]);
    for (const address of [here, atNcp, atNhn]) {
      expect(await ours(address)).toHaveLength(1);
      for (const vendor of VENDORS) expect(await theirs(vendor, address)).toBe(true);
    }
    expect(await ours(atNcp)).toMatchObject([{ scope: 'marketing', source: 'ncp' }]);
    expect(await ours(atNhn)).toMatchObject([{ scope: 'marketing', source: 'nhn' }]);
    for (const { gateway, account } of await sync()) {
      expect({ gateway, account }).toEqual({
        gateway: { ...nothing, unreadable: 0 },
        account: { ...nothing, ignored: 0 },
      });
    }
  });

  it.each(VENDORS)('takes off here, and on the other list, what was taken off at %s', async (vendor) => {
    const [taken, kept] = [anAddress(), anAddress()];
    await suppress('marketing', taken, kept);
    await sync();
    await sync();
    await takeOffAt(vendor, taken);
    const results = await sync();
    expect(results.reduce((count, { gateway }) => count + gateway.removed, 0)).toBe(1);
    expect([await ours(taken), (await ours(kept)).length]).toEqual([[], 1]);
    for (const each of VENDORS) {
      expect([await theirs(each, taken), await theirs(each, kept)]).toEqual([false, true]);
    }
  });

  it('removes at the account what was removed here', async () => {
    const address = anAddress();
    await suppress('marketing', address);
    await sync();
    await allow(address);
    expect(await sync()).toMatchObject([{ account: { removed: 1 } }, { account: { removed: 1 } }]);
    expect(await ours(address)).toEqual([]);
    for (const vendor of VENDORS) expect(await theirs(vendor, address)).toBe(false);
  });

  it.each(VENDORS)('lets the later change count when both sides have made one, on %s', async (vendor) => {
    const [older, younger] = [anAddress(), anAddress()];
    await suppress('marketing', older, younger);
    await allow(older);
    await allow(younger);
    await optOutAt(vendor, older, daysAgo(3));
    await optOutAt(vendor, younger, new Date(Date.now() + 2000).toISOString());
    await sync();
    expect([(await ours(older)).length, (await ours(younger)).length]).toEqual([0, 1]);
    expect([await theirs(vendor, older), await theirs(vendor, younger)]).toEqual([false, true]);
  });

  it.each(VENDORS)('takes the entry that stood at %s already for no new one', async (vendor) => {
    const address = anAddress();
    // Its time lies ahead, as if the vendor's clock, or its zone, were another: only that it is the same entry counts.
    await optOutAt(vendor, address, new Date(Date.now() + 60_000).toISOString());
    await sync();
    expect(await ours(address)).toHaveLength(1);
    await allow(address);
    await sync();
    expect([await ours(address), await theirs(vendor, address)]).toEqual([[], false]);
  });

  it('keeps to itself what the lists of the providers cannot mean', async () => {
    const [all, bounced] = [anAddress(), anAddress()];
    await suppress('all', all);
    await actors.sql.query(
      `INSERT INTO suppression (address, scope, source, expires_at) VALUES ($1, 'all', 'bounce', now() + interval '1 day')`,
      [bounced],
    );
    for (const { account } of await sync()) expect(account).toEqual({ ...nothing, ignored: 0 });
    for (const vendor of VENDORS) {
      expect([await theirs(vendor, all), await theirs(vendor, bounced)]).toEqual([false, false]);
    }
  });

  it.each(VENDORS)('keeps advertisements, and nothing else, from who opted out at %s', async (vendor) => {
    const [address, sender] = [anAddress(), aSender()];
    await optOutAt(vendor, address);
    await sync(vendor);
    const message = aMessage().from(sender).through(vendor).to(address);
    expect(await actors.gateway.deliver(message.marketing())).toMatchObject({ suppressedCount: 1 });
    const receipt = await actors.gateway.send(message);
    await actors.gateway.waitUntil(receipt.id, ({ counts }) => counts.delivered === 1);
    expect(await actors.simulator.mails(sender)).toHaveLength(1);
  });

  it.each(VENDORS)('goes on where it was cut off, without a caller, on %s', async (vendor) => {
    const addresses = Array.from({ length: 3300 }, (_, i) => `${unique('many-')}${i}@example.com`);
    await actors.simulator.changeBlockList('POST', { provider: vendor, addresses });
    const fault = { kind: 'error_500', provider: vendor, operation: 'other', skip: 2, times: 1 };
    const id = await actors.simulator.trouble(fault);
    const { status, body } = await actors.gateway.post('/v1/suppressions/sync', { provider: vendor });
    await actors.simulator.endTrouble(id);
    expect([status, body.code]).toEqual([503, 'overloaded']);
    const stand = async () => {
      const text = `SELECT step, finished_at > started_at AS finished, counts FROM suppression_sync WHERE provider = $1`;
      const { rows } = await actors.sql.query<{
        step: string | null;
        finished: boolean;
        counts: { addedHere: number };
      }>(text, [vendor]);
      return rows[0];
    };
    expect(await stand()).toMatchObject({ step: 'read', counts: { addedHere: expect.any(Number) } });
    expect((await stand())?.counts.addedHere).toBeGreaterThan(1000);
    // If it had started again, it would count only the rest.
    await eventually(async () => {
      expect(await stand()).toMatchObject({ step: null, finished: true, counts: { addedHere: addresses.length } });
    });
    expect(await ours(addresses.at(-1) ?? '')).toHaveLength(1);
    await actors.simulator.changeBlockList('DELETE', { provider: vendor, addresses });
  });

  it('lets two who ask at once not get into each other’s way', async () => {
    const addresses = Array.from({ length: 1200 }, (_, i) => `${unique('two-')}${i}@example.com`);
    await actors.simulator.changeBlockList('POST', { provider: 'ncp', addresses });
    const both = await Promise.all([sync('ncp'), sync('ncp')]);
    const added = both.flat().reduce((count, { gateway }) => count + gateway.added, 0);
    expect([added, ...both.flat().map(({ status }) => status)]).toEqual([1200, 'completed', 'completed']);
    await actors.simulator.changeBlockList('DELETE', { provider: 'ncp', addresses });
  });

  it('reports the account that is away, and continues with the others', async () => {
    const address = anAddress();
    await optOutAt('nhn', address);
    const id = await actors.simulator.trouble({ kind: 'error_500', provider: 'ncp', operation: 'other', times: -1 });
    const results = await sync();
    await actors.simulator.endTrouble(id);
    expect(results).toMatchObject([
      { provider: 'ncp', status: 'failed', problem: { code: 'overloaded' } },
      { provider: 'nhn', status: 'completed', gateway: { added: 1 } },
    ]);
  });

  it('refuses an account that there is not', async () => {
    const { status, body } = await actors.gateway.post('/v1/suppressions/sync', { provider: 'acme' });
    expect([status, body.errors?.[0]?.pointer, body.errors?.[0]?.code]).toEqual([
      422,
      '/provider',
      'unknown_reference',
    ]);
    expect((await actors.gateway.post('/v1/suppressions/sync', { all: true })).body.errors?.[0]?.code).toBe(
      'unknown_field',
    );
  });
});

describe('the scheduled comparison', () => {
  const actors = useOwnGateway({ SUPPRESSION_SYNC_INTERVAL_MS: '300' });
  const { suppress, allow, ours, theirs, optOutAt } = actions(actors);

  it('runs without being asked', async () => {
    const [here, there] = [anAddress(), anAddress()];
    await suppress('marketing', here);
    await optOutAt('ncp', there);
    await eventually(async () => {
      expect(await ours(there)).toHaveLength(1);
      for (const vendor of VENDORS) {
        expect([await theirs(vendor, here), await theirs(vendor, there)]).toEqual([true, true]);
      }
    });
    await allow(there);
    await eventually(async () => {
      for (const vendor of VENDORS) expect(await theirs(vendor, there)).toBe(false);
    });
    expect(await ours(there)).toEqual([]);
    // A comparison has its entry at its end.
    await eventually(async () => {
      const acts = await actors.gateway.all<{ actor: unknown; target: string }>('/v1/audit', {
        limit: 100,
        action: 'suppression.sync',
        actor: 'gateway',
      });
      // The opt-out came from there.
      expect(acts.map(({ target }) => target)).toContain('ncp');
      expect(acts[0]?.actor).toEqual({ keyId: null, client: null, process: 'worker' });
    });
  });
});
