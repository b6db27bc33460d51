import type { FieldErrors } from '../problem.js';
import { covers } from './match.js';
import { LAST_ROUTE, type RouteRule } from './route.js';

/** Names that routes may refer to. */
export interface KnownNames {
  readonly accounts: readonly string[];
  /** Clients that the routes name and that exist. */
  readonly clients: ReadonlySet<string>;
  /** Templates that the routes name and that exist, with the names of their clients. */
  readonly templates: ReadonlyMap<string, string>;
  /** Ids or names of stored routes whose every use has been halted: they may stay so. */
  readonly halted: ReadonlySet<string>;
}

type Named = RouteRule & { readonly id?: string | undefined };

/** Adds what is wrong with routes that are well-formed each for itself. */
export function addRouteFaults(errors: FieldErrors, routes: readonly Named[], known: KnownNames): void {
  for (const [i, route] of routes.entries()) {
    const at = ['routes', i];
    const clash = routes.findIndex(({ name }) => name === route.name);
    if (clash < i) errors.addAt([...at, 'name'], 'not_allowed', `is the name of /routes/${clash}, too`);
    if (route.name === LAST_ROUTE)
      errors.addAt([...at, 'name'], 'not_allowed', 'is the name of the implicit last route');
    const twin = route.id === undefined ? i : routes.findIndex(({ id }) => id === route.id);
    if (twin < i) errors.addAt([...at, 'id'], 'not_allowed', `is the id of /routes/${twin}, too`);
    addUseFaults(errors, route, at, known);
    addShadowFaults(errors, route, at, known);
    addMatchFaults(errors, route, at, known);
    const before = routes
      .slice(0, i)
      .findIndex(({ match, fallback }) => fallback === 'none' && covers(match, route.match));
    if (before >= 0) {
      const name = routes[before]?.name ?? '';
      errors.addAt(
        at,
        'not_allowed',
        `is never reached: /routes/${before} ("${name}") takes all of it and has no fallback`,
      );
    }
  }
}

function addUseFaults(errors: FieldErrors, route: Named, at: readonly PropertyKey[], known: KnownNames): void {
  const { use } = route;
  for (const [n, { account }] of use.entries()) {
    const pointer = [...at, 'use', n, 'account'];
    addUnknownAccount(errors, account, pointer, known);
    const clash = use.findIndex((each) => each.account === account);
    if (clash < n) errors.addAt(pointer, 'not_allowed', `"${account}" is listed twice`);
  }
  const isHalted = known.halted.has(route.id ?? '') || known.halted.has(route.name);
  if (use.every(({ weight }) => weight === 0) && !isHalted) {
    errors.addAt([...at, 'use'], 'not_allowed', 'at least one weight must be above 0');
  }
}

function addShadowFaults(
  errors: FieldErrors,
  { use, shadow }: Named,
  at: readonly PropertyKey[],
  known: KnownNames,
): void {
  if (shadow === undefined) return;
  const pointer = [...at, 'shadow'];
  addUnknownAccount(errors, shadow, pointer, known);
  if (use.some(({ account }) => account === shadow)) {
    errors.addAt(pointer, 'not_allowed', `"${shadow}" is an account of the route itself; a shadow sends nothing`);
  }
}

function addMatchFaults(errors: FieldErrors, { match }: Named, at: readonly PropertyKey[], known: KnownNames): void {
  for (const [n, client] of (match.clients ?? []).entries()) {
    if (known.clients.has(client)) continue;
    errors.addAt([...at, 'match', 'clients', n], 'unknown_reference', `there is no client "${client}"`);
  }
  for (const [n, template] of (match.templates ?? []).entries()) {
    const pointer = [...at, 'match', 'templates', n];
    const client = known.templates.get(template);
    if (client === undefined) errors.addAt(pointer, 'unknown_reference', 'there is no template with this id');
    else if (match.clients !== undefined && !match.clients.includes(client)) {
      errors.addAt(pointer, 'not_allowed', `belongs to the client "${client}", which the route does not match`);
    }
  }
}

function addUnknownAccount(
  errors: FieldErrors,
  name: string,
  pointer: readonly PropertyKey[],
  { accounts }: KnownNames,
): void {
  if (accounts.includes(name)) return;
  errors.addAt(pointer, 'unknown_reference', `unknown account "${name}"; configured accounts: ${accounts.join(', ')}`);
}
