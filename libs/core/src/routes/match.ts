import type { Category } from '../message.js';
import type { RouteMatch } from './route.js';

/** The facts of a message that a route can match. */
export interface RouteFacts {
  readonly client: string;
  readonly category: Category;
  /** The sender's domain, normalised. */
  readonly fromDomain: string;
  readonly tags: readonly string[];
  readonly template?: string | undefined;
}

const WILDCARD = '*.';

/** Makes the test of a match once, so that a message costs a few look-ups in sets. */
export function matcher(match: RouteMatch): (facts: RouteFacts) => boolean {
  const tests: ((facts: RouteFacts) => boolean)[] = [];
  const { clients, categories, fromDomains, tags, templates } = match;
  const add = <T>(
    values: readonly T[] | undefined,
    test: (set: ReadonlySet<T>, facts: RouteFacts) => boolean,
  ): void => {
    if (values === undefined) return;
    const set = new Set(values);
    tests.push((facts) => test(set, facts));
  };
  add(categories, (set, { category }) => set.has(category));
  add(clients, (set, { client }) => set.has(client));
  add(templates, (set, { template }) => template !== undefined && set.has(template));
  add(tags, (set, facts) => facts.tags.some((tag) => set.has(tag)));
  add(fromDomains, (set, { fromDomain }) => hasDomain(set, fromDomain));
  return (facts) => tests.every((test) => test(facts));
}

/** By the domain itself, or by a wildcard over one of those above it. */
function hasDomain(domains: ReadonlySet<string>, domain: string): boolean {
  if (domains.has(domain)) return true;
  for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
    if (domains.has(`${WILDCARD}${domain.slice(dot + 1)}`)) return true;
  }
  return false;
}

const LISTS = ['clients', 'categories', 'tags', 'templates'] as const;

/** Does `wide` match every message that `narrow` matches? Never says so wrongly. */
export function covers(wide: RouteMatch, narrow: RouteMatch): boolean {
  const lists = LISTS.every((list) => {
    const set = wide[list] as readonly string[] | undefined;
    return set === undefined || (narrow[list]?.every((value) => set.includes(value)) ?? false);
  });
  if (!lists || wide.fromDomains === undefined) return lists;
  const set = new Set(wide.fromDomains);
  return narrow.fromDomains?.every((domain) => set.has(domain) || isBelow(set, domain)) ?? false;
}

/** Of a wildcard, all domains below it are below a wildcard over one that is above it. */
const isBelow = (domains: ReadonlySet<string>, domain: string): boolean =>
  domain.startsWith(WILDCARD) ? hasDomain(domains, `x.${domain.slice(WILDCARD.length)}`) : hasDomain(domains, domain);
