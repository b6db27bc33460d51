import { describe, expect, it } from '@jest/globals';
import { aMessage, eventually, unique, useOwnGateway } from '@gateway/testing';

interface Lane {
  readonly category: string;
  readonly batches: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, number>>;
  readonly oldestDueSeconds: number;
  readonly lastMinute: { readonly requests: number; readonly recipients: number };
}
interface Account {
  readonly name: string;
  readonly waiting: { readonly account: string; readonly reason: string; readonly until: string | null } | null;
  readonly unconfirmedSeconds: number;
  readonly lanes: readonly Lane[];
}
interface Workload {
  readonly readAt: string;
  readonly accounts: readonly Account[];
  readonly minutes: readonly { readonly at: string; readonly accounts: Record<string, Record<string, number>> }[];
  readonly webhooks: { readonly healthy: number; readonly failing: number; readonly paused: number };
  readonly audienceLagSeconds: number;
}

describe('the work under way', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { SETTLE_MS: '600000' } });
  const read = (): Promise<Workload> => actors.gateway.get<Workload>('/v1/workload');
  const accountOf = ({ accounts }: Workload, name: string): Account => {
    const found = accounts.find((account) => account.name === name);
    if (found === undefined) throw new Error(`${name} is missing`);
    return found;
  };
  const laneOf = (account: Account, category: string): Lane | undefined =>
    account.lanes.find((lane) => lane.category === category);

  it('has every account with its three lanes, and nothing in them at first', async () => {
    const work = await read();
    expect(work.accounts.map(({ name }) => name).sort()).toEqual(['ncp', 'nhn']);
    for (const { lanes, waiting } of work.accounts) {
      expect(waiting).toBeNull();
      expect(lanes.map(({ category }) => category)).toEqual(['authentication', 'transactional', 'marketing']);
      for (const lane of lanes) expect(lane).toMatchObject({ batches: {}, reasons: {}, oldestDueSeconds: 0 });
    }
    expect(work.audienceLagSeconds).toBe(0);
  });

  it('counts what was sent by account, lane and minute', async () => {
    await actors.gateway.deliver(
      aMessage()
        .through('ncp')
        .with({ to: ['a@example.com', 'b@example.com'] }),
    );
    await eventually(async () => {
      const work = await read();
      expect(laneOf(accountOf(work, 'ncp'), 'transactional')?.lastMinute).toEqual({ requests: 1, recipients: 2 });
      expect(laneOf(accountOf(work, 'nhn'), 'transactional')?.lastMinute).toEqual({ requests: 0, recipients: 0 });
      const sent = work.minutes.reduce((sum, { accounts }) => sum + (accounts['ncp']?.['accepted'] ?? 0), 0);
      expect(sent).toBe(1);
    });
  });

  it('says why the mail of a paused account waits, and how many batches that is', async () => {
    await actors.gateway.post('/v1/providers/nhn/pause', { reason: 'maintenance' });
    await actors.gateway.send(aMessage().through('nhn').with({ category: 'marketing' }));
    await eventually(async () => {
      const nhn = accountOf(await read(), 'nhn');
      expect(nhn.waiting).toMatchObject({ account: 'nhn', reason: 'provider_unavailable', until: null });
      expect(laneOf(nhn, 'marketing')?.batches).toEqual({ queued: 1 });
      expect(laneOf(nhn, 'transactional')?.batches).toEqual({});
    });
    await actors.gateway.post('/v1/providers/nhn/resume', {});
    await eventually(async () => expect(accountOf(await read(), 'nhn').waiting).toBeNull());
  });

  it('shows a request in doubt, and since when', async () => {
    const { simulator, gateway } = actors;
    await simulator.trouble({ kind: 'accept_then_drop', provider: 'ncp', operation: 'send', times: 1 });
    await simulator.trouble({ kind: 'hang', provider: 'ncp', operation: 'list', times: -1 });
    await gateway.send(aMessage().through('ncp'));
    await eventually(async () => {
      const ncp = accountOf(await read(), 'ncp');
      expect(laneOf(ncp, 'transactional')?.batches['unconfirmed']).toBe(1);
      expect(ncp.unconfirmedSeconds).toBeGreaterThan(0);
    });
    await simulator.endAllTrouble();
  });

  it('is read for all who ask at once, and needs its scope', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, read));
    expect(new Set(all.map(({ readAt }) => readAt)).size).toBeLessThanOrEqual(2);
    const { body } = await actors.gateway.post<{ key: string }>('/v1/api-keys', {
      name: unique('key-'),
      scopes: ['messages:read'],
    });
    expect((await actors.gateway.as(body.key).call('GET', '/v1/workload')).status).toBe(403);
  });
});
