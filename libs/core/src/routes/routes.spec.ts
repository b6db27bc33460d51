import { describe, expect, it } from '@jest/globals';
import { drawOrder, seedOf } from './draw.js';
import { covers, matcher } from './match.js';
import { compileRoutes, planRoute } from './plan.js';
import type { RouteMatch, StoredRoute } from './route.js';

const FACTS = {
  client: 'shop',
  category: 'transactional',
  fromDomain: 'mail.shop.example.com',
  tags: ['receipt', 'eu'],
} as const;

const SINCE = '2026-11-20T09:00:00.000Z';

const route = (name: string, use: Readonly<Record<string, number>>, more: Partial<StoredRoute> = {}): StoredRoute => ({
  id: name,
  name,
  match: {},
  use: Object.entries(use).map(([account, weight]) => ({ account, weight, since: SINCE })),
  sticky: 'message',
  fallback: 'next',
  ...more,
});

const plan = (routes: readonly StoredRoute[], seed = 'a') =>
  planRoute(compileRoutes(3, routes), FACTS, { order: ['ncp', 'nhn', 'sens'], seeds: () => seed });

describe('matching', () => {
  it.each<[RouteMatch, boolean]>([
    [{}, true],
    [{ clients: ['shop'] }, true],
    [{ clients: ['billing'] }, false],
    [{ categories: ['marketing', 'transactional'] }, true],
    [{ categories: ['marketing'] }, false],
    [{ tags: ['eu', 'us'] }, true],
    [{ tags: ['us'] }, false],
    [{ templates: ['tpl_1'] }, false],
    [{ fromDomains: ['mail.shop.example.com'] }, true],
    [{ fromDomains: ['shop.example.com'] }, false],
    [{ fromDomains: ['*.shop.example.com'] }, true],
    [{ fromDomains: ['*.example.com'] }, true],
    [{ fromDomains: ['*.mail.shop.example.com'] }, false],
    [{ clients: ['shop'], tags: ['us'] }, false],
  ])('%j: %p', (match, matches) => {
    expect(matcher(match)(FACTS)).toBe(matches);
  });

  it.each<[RouteMatch, RouteMatch, boolean]>([
    [{}, { clients: ['a'] }, true],
    [{ clients: ['a'] }, {}, false],
    [{ clients: ['a', 'b'] }, { clients: ['a'], tags: ['x'] }, true],
    [{ clients: ['a'] }, { clients: ['a', 'b'] }, false],
    [{ fromDomains: ['*.example.com'] }, { fromDomains: ['a.example.com', '*.b.example.com'] }, true],
    [{ fromDomains: ['*.example.com'] }, { fromDomains: ['example.com'] }, false],
    [{ fromDomains: ['example.com'] }, { fromDomains: ['*.example.com'] }, false],
  ])('%j covers %j: %p', (wide, narrow, expected) => {
    expect(covers(wide, narrow)).toBe(expected);
  });
});

describe(drawOrder.name, () => {
  const seeds = Array.from({ length: 40_000 }, (_, i) => seedOf(`msg ${i}`));
  const firsts = (weights: Readonly<Record<string, number>>): readonly (string | undefined)[] => {
    const use = Object.entries(weights).map(([account, weight]) => ({ account, weight }));
    return seeds.map((seed) => drawOrder(use, seed)[0]);
  };

  it.each([
    { ncp: 99, sens: 1 },
    { ncp: 75, sens: 25 },
    { ncp: 1, sens: 1, nhn: 2 },
    { ncp: 0.002, sens: 0.006 },
  ])('gives each account its share: %j', (weights) => {
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    const drawn = firsts(weights);
    for (const [account, weight] of Object.entries(weights)) {
      const share = weight / total;
      const found = drawn.filter((each) => each === account).length / seeds.length;
      // Five standard deviations: the seeds are fixed, so this passes always or never.
      expect(Math.abs(found - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / seeds.length));
    }
  });

  it('leaves moved what moved before, and moves nothing back while the share grows', () => {
    const steps = [1, 25, 60, 100].map((sens) => firsts({ ncp: 100 - sens, sens }));
    for (const [i, drawn] of steps.slice(1).entries()) {
      expect(drawn.filter((account, n) => steps[i]?.[n] === 'sens' && account !== 'sens')).toEqual([]);
    }
    expect(new Set(steps.at(-1))).toEqual(new Set(['sens']));
  });

  it('never draws an account with the weight 0, and keeps the order of a seed', () => {
    const use = ['a', 'b', 'c', 'd'].map((account, i) => ({ account, weight: i }));
    for (const seed of seeds.slice(0, 200)) {
      const order = drawOrder(use, seed);
      expect([...order].sort()).toEqual(['b', 'c', 'd']);
      expect(drawOrder([...use].reverse(), seed)).toEqual(order);
    }
  });
});

describe(planRoute.name, () => {
  it('uses the configured order where nothing matches', () => {
    const { name, accounts, version } = plan([route('other', { nhn: 1 }, { match: { clients: ['b'] } })]);
    expect({ name, accounts, version }).toEqual({
      name: 'PROVIDER_ORDER',
      accounts: ['ncp', 'nhn', 'sens'],
      version: 3,
    });
  });

  it('takes the first match, then the following ones and the configured order', () => {
    const { name, accounts } = plan([
      route('first', { sens: 1 }),
      route('not', { ncp: 1 }, { match: { tags: ['us'] }, fallback: 'none' }),
      route('second', { nhn: 1 }),
    ]);
    expect({ name, accounts }).toEqual({ name: 'first', accounts: ['sens', 'nhn', 'ncp'] });
  });

  it('fails closed: nothing follows a route without a fallback', () => {
    const { accounts, against } = plan([route('tenant', { nhn: 1 }, { fallback: 'none' }), route('house', { ncp: 1 })]);
    expect(accounts).toEqual(['nhn']);
    expect([...against]).toEqual([
      ['ncp', 'the route "tenant" does not use it (fallback "none")'],
      ['sens', 'the route "tenant" does not use it (fallback "none")'],
    ]);
  });

  it('ends at a following route that has no fallback', () => {
    const { accounts } = plan([route('a', { sens: 1 }), route('b', { nhn: 1 }, { fallback: 'none' })]);
    expect(accounts).toEqual(['sens', 'nhn']);
  });

  it('does not reach a halted account from behind', () => {
    const halted = { at: SINCE, failures: 11, over: 100 };
    const use = [{ account: 'ncp', weight: 0, since: SINCE, halted }];
    const { accounts, against } = plan([{ ...route('a', {}), use }, route('b', { ncp: 5 })]);
    expect(accounts).toEqual(['nhn', 'sens']);
    expect(against.get('ncp')).toMatch(/^the route "a" has halted it at .*: 11 of its last 100 messages failed/);
  });
});
