import { Injectable } from '@nestjs/common';
import {
  addRouteFaults,
  decodeId,
  encodeId,
  FieldErrors,
  GatewayProblem,
  type KnownNames,
  type RouteRule,
  type StoredRoute,
  type StoredUse,
} from '@gateway/core';
import { AuditRepository, Database, RouteRepository, type RouteVersionRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { ProviderDirectory } from '../shared/provider-directory.js';
import { RoutesInForce } from './routes-in-force.js';

/** A route as a caller gives it; `id` is a UUID. */
export type GivenRoute = RouteRule & { readonly id?: string | undefined };

export interface RoutesChange {
  /** The version that the caller has seen. */
  readonly version: number;
  readonly routes: readonly GivenRoute[];
  readonly keyId: string;
  readonly clientId: string;
}

type Before = Pick<RouteVersionRow, 'version' | 'routes'>;
const NOTHING: Before = { version: 0, routes: [] };

/** For the audit log; the whole route is in the version. */
const summaryOf = ({ name, use }: StoredRoute) => ({
  name,
  use: use.map(({ account, weight }) => ({ account, weight })),
});

/** Reads and replaces the routes. */
@Injectable()
export class ChangeRoutesService {
  constructor(
    private readonly database: Database,
    private readonly routes: RouteRepository,
    private readonly inForce: RoutesInForce,
    private readonly providers: ProviderDirectory,
    private readonly audit: AuditRepository,
  ) {}

  async read(): Promise<Before> {
    return (await this.routes.findCurrent()) ?? NOTHING;
  }

  /** @throws GatewayProblem `version_conflict`, or `validation_failed` for routes that cannot work. */
  async replace(change: RoutesChange): Promise<Before> {
    const before = await this.read();
    // Before the routes themselves are judged: the caller has to read again anyhow.
    if (before.version !== change.version) throw conflict(change.version, before.version);
    await this.check(change.routes, before);
    const routes = await this.toStored(change.routes, before.routes);
    const version = before.version + 1;
    const { keyId: changedBy, clientId } = change;
    await this.database.transaction(async (tx) => {
      await this.routes.lock(tx);
      const now = await this.routes.findCurrent(tx);
      if ((now?.version ?? 0) !== before.version) throw conflict(before.version, now?.version ?? 0);
      await this.routes.insert(tx, { version, routes, change: 'put', changedBy, clientId });
      const [was, is] = [
        { version: before.version, routes: before.routes.map(summaryOf) },
        { version, routes: routes.map(summaryOf) },
      ];
      this.audit.record(tx, { action: 'routes.replace', before: was, after: is });
    });
    await this.inForce.refresh();
    return { version, routes };
  }

  /** Routes that are not stored, as they would be. @throws GatewayProblem `validation_failed`. */
  async tryOut(routes: readonly GivenRoute[]): Promise<readonly StoredRoute[]> {
    const before = await this.read();
    await this.check(routes, before);
    return this.toStored(routes, before.routes);
  }

  private async check(routes: readonly GivenRoute[], before: Before): Promise<void> {
    const names = routes.flatMap(({ match }) => match.clients ?? []);
    const templates = routes.flatMap(({ match }) => match.templates ?? []);
    const clients = await this.routes.findClients(names);
    const owners = await this.routes.findTemplateOwners(templates.flatMap((id) => decodeId('template', id) ?? []));
    const known: KnownNames = {
      accounts: this.providers.names,
      clients: new Set(clients.keys()),
      templates: new Map([...owners].map(([id, client]) => [encodeId('template', id), client])),
      halted: new Set(before.routes.filter(isAllHalted).flatMap(({ id, name }) => [id, name])),
    };
    const errors = new FieldErrors();
    addRouteFaults(errors, routes, known);
    errors.throwIfAny();
  }

  /** A route keeps its id, and a use its guard's window, as long as they go on. */
  private async toStored(routes: readonly GivenRoute[], before: Before['routes']): Promise<readonly StoredRoute[]> {
    const now = (await this.database.timeOf()).toISOString();
    const taken = new Set(routes.map(({ id }) => id));
    return routes.map((route) => {
      const known = before.find(({ id, name }) =>
        route.id === undefined ? name === route.name && !taken.has(id) : id === route.id,
      );
      const use = route.use.map((each) => storedUse(each, known, now));
      const shadowSince = known?.shadow === route.shadow ? (known?.shadowSince ?? now) : now;
      return {
        ...route,
        id: route.id ?? known?.id ?? newUuid(),
        use,
        ...(route.shadow !== undefined && { shadowSince }),
      };
    });
  }
}

function storedUse(
  { account, weight }: RouteRule['use'][number],
  route: StoredRoute | undefined,
  now: string,
): StoredUse {
  const before = route?.use.find((each) => each.account === account);
  if (before === undefined) return { account, weight, since: now };
  if (weight === 0) return { ...before, weight: 0 };
  return { account, weight, since: before.weight === 0 ? now : before.since };
}

const isAllHalted = ({ use }: StoredRoute): boolean => use.every(({ weight, halted }) => weight === 0 && halted);

const conflict = (given: number, stored: number): GatewayProblem =>
  new GatewayProblem(
    'version_conflict',
    `The stored routes have version ${stored}, not ${given}. Read them again and repeat the change.`,
  );
