import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileRoutes, encodeId, type EmailProvider, type StoredRoute } from '@gateway/core';
import {
  AttemptRepository,
  BatchTransitions,
  OutboundRepository,
  ProviderAccountRepository,
  type BatchRow,
  type Database,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { aDatabase, GivenRows } from '@gateway/testing';
import type { RoutesInForce } from '../../routes/routes-in-force.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { FailoverPlanner } from './failover.js';

const WHY = { reason: 'provider_unavailable', detail: 'it is out of order' } as const;
const SINCE = '2026-11-20T09:00:00.000Z';

const account = (name: string): EmailProvider => {
  const limits = {
    recipientsPerRequest: 100,
    requestBytes: 1e6,
    recipientAddressLength: 100,
    recipientNameLength: 100,
  };
  return { name, capabilities: { limits, rules: { recipientNameUnit: 'characters' } } } as unknown as EmailProvider;
};

describe(FailoverPlanner.name, () => {
  let database: Database;
  let given: GivenRows;
  let routes: readonly StoredRoute[] = [];

  beforeAll(async () => {
    database = await aDatabase(4);
    given = new GivenRows(database);
  });
  afterAll(() => database.close());

  const planner = (): FailoverPlanner =>
    new FailoverPlanner(
      new OutboundReader(new OutboundRepository(database)),
      new AttemptRepository(database),
      new ProviderAccountRepository(database),
      { current: () => compileRoutes(1, routes) } as unknown as RoutesInForce,
      new ProviderDirectory(['ncp', 'nhn', 'sens'].map(account)),
    );

  /** A batch at ncp that a worker has claimed, after attempts with these outcomes. */
  async function claimed(routing: object, outcomes: readonly string[] = []): Promise<BatchRow> {
    const { messageId, batchIds } = await given.message();
    await database.pool.query('UPDATE message SET routing = $2 WHERE id = $1', [messageId, JSON.stringify(routing)]);
    for (const [i, outcome] of outcomes.entries()) {
      await database.pool.query(
        `INSERT INTO attempt (id, batch_id, number, marker, provider, started_at, outcome)
         VALUES ($1, $2, $3, $4, 'ncp', now(), $5)`,
        [newUuid(), batchIds[0], i + 1, newUuid(), outcome],
      );
    }
    await database.pool.query('UPDATE batch SET attempt_count = $2 WHERE id = $1', [batchIds[0], outcomes.length]);
    const [batch] = await new BatchTransitions(database).claim(batchIds, 60_000);
    if (batch === undefined) throw new Error('the batch is not there');
    return batch;
  }

  const candidates = (...names: readonly string[]) => ({
    candidates: names.map((provider) => ({ provider, able: true, reasons: [] })),
  });
  const target = async (batch: BatchRow): Promise<string | undefined> => (await planner().plan(batch, WHY))?.to;

  it('goes in the order of the message’s route', async () => {
    expect(await target(await claimed(candidates('ncp', 'sens', 'nhn'), ['refused']))).toBe('sens');
  });

  it.each(['absent', 'unconfirmed'])('leaves a batch where it is that was once %s', async (outcome) => {
    expect(await target(await claimed(candidates('ncp', 'nhn'), [outcome, 'refused']))).toBeUndefined();
  });

  it('leaves the parts of such a batch where they are', async () => {
    const batch = await claimed(candidates('ncp', 'nhn'));
    const parent = await claimed({}, ['absent']);
    await database.pool.query('UPDATE batch SET parent_id = $2 WHERE id = $1', [batch.id, parent.id]);
    expect(await target(batch)).toBeUndefined();
  });

  it('does not leave for an account that the route excludes', async () => {
    const outside = { provider: 'nhn', able: false, outside: true, reasons: ['the route does not use it'] };
    const routing = { candidates: [...candidates('ncp').candidates, outside] };
    expect(await target(await claimed(routing, ['refused']))).toBeUndefined();
  });

  it('does not leave for an account that the route has halted since', async () => {
    const id = newUuid();
    const use = ['ncp', 'nhn', 'sens'].map((name) => ({ account: name, weight: name === 'nhn' ? 0 : 1, since: SINCE }));
    routes = [{ id, name: 'a', match: {}, use, sticky: 'message', fallback: 'none' }];
    const routing = {
      ...candidates('ncp', 'nhn', 'sens'),
      route: { id: encodeId('route', id), name: 'a', version: 1 },
    };
    expect(await target(await claimed(routing, ['refused']))).toBe('sens');
  });
});
