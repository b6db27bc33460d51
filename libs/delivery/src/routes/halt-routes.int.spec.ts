import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeId, type HaltRule, type RouteUse, type StoredRoute } from '@gateway/core';
import { AuditRepository, EventRepository, insertMessages, RouteRepository, type Database } from '@gateway/database';
import { newUuid, silentLogger } from '@gateway/platform';
import { aDatabase, messageRows } from '@gateway/testing';
import { HaltRoutesService } from './halt-routes.service.js';
import { RoutesInForce } from './routes-in-force.js';

const WORKERS = 6;
const LONG_AGO = '2026-01-01T00:00:00.000Z';

describe(HaltRoutesService.name, () => {
  let databases: readonly Database[];
  let database: Database;
  let workers: readonly { readonly halt: HaltRoutesService; readonly inForce: RoutesInForce }[];
  const clientId = newUuid();

  beforeAll(async () => {
    database = await aDatabase(10);
    databases = [database];
    workers = Array.from({ length: WORKERS }, () => {
      const routes = new RouteRepository(database);
      const inForce = new RoutesInForce(routes);
      return {
        inForce,
        halt: new HaltRoutesService(
          database,
          routes,
          new EventRepository(database),
          inForce,
          new AuditRepository(database),
          silentLogger(),
        ),
      };
    });
    await database.pool.query('INSERT INTO client (id, name) VALUES ($1, $2)', [clientId, clientId]);
  });
  afterAll(() => Promise.all(databases.map((each) => each.close())));

  const current = async () => new RouteRepository(database).findCurrent();

  /** The routes with one more route, as an operator would store them. */
  async function store(use: readonly RouteUse[], haltIf: HaltRule, since = LONG_AGO): Promise<StoredRoute> {
    const route: StoredRoute = {
      id: newUuid(),
      name: newUuid(),
      match: {},
      use: use.map((each) => ({ ...each, since })),
      sticky: 'message',
      fallback: 'next',
      haltIf,
    };
    const before = await current();
    const version = (before?.version ?? 0) + 1;
    await database.transaction((tx) =>
      new RouteRepository(database).insert(tx, { version, routes: [route], change: 'put', changedBy: null, clientId }),
    );
    for (const { inForce } of workers) await inForce.refresh();
    return route;
  }

  /** Messages of a route at an account, oldest first: `x` has a recipient that failed, `h` a hard bounce. */
  async function messages(route: StoredRoute, provider: string, outcomes: string): Promise<readonly string[]> {
    const rows = [...outcomes].map((outcome) =>
      messageRows(clientId, {
        provider,
        watchedRouteId: route.id,
        counts:
          outcome === 'x' ? { failed: 1 } : outcome === 'b' || outcome === 'h' ? { bounced: 1 } : { delivered: 1 },
      }),
    );
    await insertMessages(database.pool, rows);
    const hard = rows.filter((_, i) => outcomes[i] === 'h').map(({ message }) => message.id);
    await database.pool.query('UPDATE message SET hard_bounced = true WHERE id = ANY ($1)', [hard]);
    return rows.map(({ message }) => message.id);
  }

  const sweepAll = () => Promise.all(workers.map(({ halt }) => halt.sweep()));
  const weights = async (): Promise<unknown> =>
    Object.fromEntries((await current())?.routes.flatMap(({ use }) => use.map((u) => [u.account, u.weight])) ?? []);
  const halts = async (route: StoredRoute): Promise<readonly unknown[]> => {
    const { rows } = await database.pool.query<{ data: { route: { name: string } } }>(
      "SELECT data FROM event WHERE type = 'route.halted' AND data -> 'route' ->> 'name' = $1",
      [route.name],
    );
    return rows.map(({ data }) => data);
  };

  it('halts an account once, whichever workers see that it fails', async () => {
    const route = await store(
      [
        { account: 'a', weight: 1 },
        { account: 'b', weight: 3 },
      ],
      { failureRate: 0.3, over: 10 },
    );
    const { version = 0 } = (await current()) ?? {};
    await messages(route, 'a', 'xxxx');
    await messages(route, 'b', 'xxx.......');
    await sweepAll();
    await sweepAll();
    expect(await weights()).toEqual({ a: 0, b: 3 });
    expect((await current())?.version).toBe(version + 1);
    expect(await halts(route)).toEqual([
      {
        route: { id: expect.stringMatching(/^rte_/), name: route.name, version: version + 1 },
        account: 'a',
        failures: 4,
        over: 10,
        failureRate: 0.3,
        last: false,
      },
    ]);
    const { rows } = await database.pool.query(
      `SELECT action, key_id, after FROM audit_entry WHERE target = $1 AND action LIKE 'routes.%'`,
      [encodeId('route', route.id)],
    );
    const after = { version: version + 1, account: 'a', failures: 4 };
    expect(rows).toEqual([{ action: 'routes.halt', key_id: null, after }]);
  });

  it('halts each of many accounts once while messages fail and all workers look', async () => {
    const use = Array.from({ length: 8 }, (_, n) => ({ account: `account-${n}`, weight: 1 }));
    const route = await store(use, { failureRate: 0.5, over: 20 });
    const ids = await Promise.all(use.map(({ account }) => messages(route, account, '.'.repeat(20))));
    const failing = ids.flat();
    const looking = workers.map(async ({ halt, inForce }) => {
      for (let time = 0; time < 30; time += 1) {
        await halt.sweep();
        await inForce.refresh();
      }
    });
    const writing = Array.from({ length: 4 }, async (_, n) => {
      for (const id of failing.filter((_id, i) => i % 4 === n)) {
        await database.pool.query(`UPDATE message SET counts = '{"failed": 1}' WHERE id = $1`, [id]);
      }
    });
    await Promise.all([...looking, ...writing]);
    await sweepAll();
    expect(Object.values((await weights()) as object)).toEqual(use.map(() => 0));
    expect(await halts(route)).toHaveLength(8);
    expect((await halts(route)).filter((event) => (event as { last: boolean }).last).length).toBeGreaterThan(0);
  });

  it.each([
    ['at the rate exactly', 'xx........', 0.2, 10, false],
    ['above the rate', 'xxx.......', 0.2, 10, true],
    ['beyond what a product of decimals would say', `${'x'.repeat(29)}${'.'.repeat(71)}`, 0.29, 100, false],
    ['where the failures are older than the window', `xxxxx${'.'.repeat(10)}`, 0.2, 10, false],
    ['before the window is full', 'xxx', 0.2, 10, true],
    ['soft bounces', 'bbbbbb', 0.2, 10, false],
    ['hard bounces', 'bbbhhh', 0.2, 10, true],
  ])('%s: %s', async (_, outcomes, failureRate, over, halted) => {
    const route = await store([{ account: 'a', weight: 1 }], { failureRate, over });
    await messages(route, 'a', outcomes);
    await sweepAll();
    expect(await weights()).toEqual({ a: halted ? 0 : 1 });
  });

  it('does not count messages from before the account was given its weight', async () => {
    const rule = { failureRate: 0.1, over: 10 };
    const route = await store([{ account: 'a', weight: 1 }], rule, new Date(Date.now() + 60_000).toISOString());
    await messages(route, 'a', 'xxxxx');
    await sweepAll();
    expect(await weights()).toEqual({ a: 1 });
  });
});
