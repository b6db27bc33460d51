import { drawOrder } from './draw.js';
import { matcher, type RouteFacts } from './match.js';
import { LAST_ROUTE, type RouteMatch, type StoredRoute, type StoredUse, type Sticky } from './route.js';

/** A route whose match is ready to be asked. */
export interface CompiledRoute {
  readonly route: StoredRoute;
  readonly matches: (facts: RouteFacts) => boolean;
}

/** One version of the routes. */
export interface CompiledRoutes {
  readonly version: number;
  readonly routes: readonly CompiledRoute[];
}

/** @param toFacts writes the names in a match as messages have them, e.g. a client's name as its id */
export const compileRoutes = (
  version: number,
  routes: readonly StoredRoute[],
  toFacts: (match: RouteMatch) => RouteMatch = (match) => match,
): CompiledRoutes => ({
  version,
  routes: routes.map((route) => ({ route, matches: matcher(toFacts(route.match)) })),
});

export const NO_ROUTES: CompiledRoutes = compileRoutes(0, []);

/** The accounts that may take a message, by preference, and why the others may not. */
export interface RoutePlan {
  readonly version: number;
  /** None: the implicit last route. */
  readonly route: StoredRoute | undefined;
  readonly name: string;
  /** The seed of the draw. */
  readonly seed: string | undefined;
  readonly accounts: readonly string[];
  /** Why a configured account is out, as a sentence for the caller. */
  readonly against: ReadonlyMap<string, string>;
}

/** Makes the seed of a draw, once a route is found. */
export type Seeds = (sticky: Sticky) => string;

/**
 * Finds the first route that matches and draws among its accounts. With `fallback: next` the accounts of the following
 * matching routes come after them, up to one with `fallback: none`, then the configured order. Accounts to which one of
 * these routes gives the weight 0 take nothing, whatever follows: a use that was halted is not reached from behind.
 * @param order the configured accounts in the order of `PROVIDER_ORDER`
 */
export function planRoute(
  { version, routes }: CompiledRoutes,
  facts: RouteFacts,
  { order, seeds }: { readonly order: readonly string[]; readonly seeds: Seeds },
): RoutePlan {
  const matching = routes.filter(({ matches }) => matches(facts)).map(({ route }) => route);
  const [first] = matching;
  if (first === undefined) {
    return { version, route: undefined, name: LAST_ROUTE, seed: undefined, accounts: order, against: new Map() };
  }
  const seed = seeds(first.sticky);
  const chain = new Chain();
  for (const route of matching) if (!chain.add(route, seed)) break;
  chain.end(order);
  const { accounts, against } = chain;
  return { version, route: first, name: first.name, seed, accounts, against };
}

/** The routes that a message falls through, as its accounts. */
class Chain {
  readonly accounts: string[] = [];
  readonly against = new Map<string, string>();
  private closedBy: string | undefined;

  /** @returns false when nothing may follow. */
  add({ name, use, fallback }: StoredRoute, seed: string): boolean {
    for (const each of use) {
      if (each.weight === 0 && !this.has(each.account)) this.against.set(each.account, whyZero(name, each));
    }
    for (const account of drawOrder(use, seed)) if (!this.has(account)) this.accounts.push(account);
    if (fallback === 'none') this.closedBy = name;
    return fallback === 'next';
  }

  end(order: readonly string[]): void {
    for (const account of order) {
      if (this.has(account)) continue;
      if (this.closedBy === undefined) this.accounts.push(account);
      else this.against.set(account, `the route "${this.closedBy}" does not use it (fallback "none")`);
    }
  }

  private has(account: string): boolean {
    return this.accounts.includes(account) || this.against.has(account);
  }
}

function whyZero(name: string, { halted }: StoredUse): string {
  if (halted === undefined) return `the route "${name}" gives it the weight 0`;
  return (
    `the route "${name}" has halted it at ${halted.at}: ${halted.failures} of its last ${halted.over} messages failed; ` +
    'give it a weight to use it again'
  );
}
