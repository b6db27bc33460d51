import { Inject, Injectable } from '@nestjs/common';
import { encodeId, type HaltRule, type StoredRoute } from '@gateway/core';
import {
  AuditRepository,
  Database,
  EventRepository,
  type GuardedUse,
  type NewEventRow,
  type Queryable,
  RouteRepository,
  type RouteVersionRow,
} from '@gateway/database';
import { LOGGER, newUuid, type Logger } from '@gateway/platform';
import { RoutesInForce } from './routes-in-force.js';

interface HaltedUse extends GuardedUse {
  readonly failures: number;
}

/**
 * Takes the weight from uses of routes of whose last messages too many failed (`haltIf`). Every worker looks, and any
 * number of them may see the same failures: the routes are read again, and counted again, under the lock of all changes,
 * so that a use is halted once. Without a guard in the routes nothing is looked at.
 */
@Injectable()
export class HaltRoutesService {
  constructor(
    private readonly database: Database,
    private readonly routes: RouteRepository,
    private readonly events: EventRepository,
    private readonly inForce: RoutesInForce,
    private readonly audit: AuditRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async sweep(): Promise<void> {
    const { routes } = await this.inForce.current();
    const uses = routes.flatMap(({ route }) => guardedUses(route));
    if (uses.length === 0) return;
    const failing = await this.failing(
      uses,
      routes.map(({ route }) => route),
    );
    if (failing.length > 0) await this.halt();
  }

  private async halt(): Promise<void> {
    const halted = await this.database.transaction(async (tx) => {
      await this.routes.lock(tx);
      const current = await this.routes.findCurrent(tx);
      if (current === undefined) return [];
      const failing = await this.failing(current.routes.flatMap(guardedUses), current.routes, tx);
      if (failing.length > 0) await this.write(tx, current, failing);
      return failing;
    });
    await this.inForce.refresh();
    for (const { routeId, account, failures, over } of halted) {
      this.log.warn({ routeId, account, failures, over }, 'a route has halted an account');
    }
  }

  private async failing(
    uses: readonly GuardedUse[],
    routes: readonly StoredRoute[],
    tx?: Queryable,
  ): Promise<readonly HaltedUse[]> {
    const counts = await this.routes.countFailures(uses, tx);
    return uses.flatMap((use, i) => {
      const failures = counts[i]?.failures ?? 0;
      const rule = routes.find(({ id }) => id === use.routeId)?.haltIf;
      return rule !== undefined && exceeds(failures, rule) ? [{ ...use, failures }] : [];
    });
  }

  private async write(tx: Queryable, current: RouteVersionRow, failing: readonly HaltedUse[]): Promise<void> {
    const at = (await this.database.timeOf(tx)).toISOString();
    const { clientId } = current;
    const version = current.version + 1;
    const routes = current.routes.map((route) => ({
      ...route,
      use: route.use.map((use) => {
        const found = failing.find(({ routeId, account }) => routeId === route.id && account === use.account);
        if (found === undefined) return use;
        return { ...use, weight: 0, halted: { at, failures: found.failures, over: found.over } };
      }),
    }));
    await this.routes.insert(tx, { version, routes, change: 'halt', changedBy: null, clientId });
    for (const { routeId, account, failures } of failing) {
      const target = encodeId('route', routeId);
      this.audit.record(tx, { action: 'routes.halt', target, after: { version, account, failures } });
    }
    await this.events.insert(
      tx,
      failing.flatMap((use) => haltedEvent(use, { clientId, version, routes })),
    );
  }
}

/** Divided, not multiplied: 29 of 100 are exactly a rate of 0.29. */
const exceeds = (failures: number, { failureRate, over }: HaltRule): boolean => failures / over > failureRate;

const guardedUses = ({ id, use, haltIf }: StoredRoute): readonly GuardedUse[] =>
  haltIf === undefined
    ? []
    : use
        .filter(({ weight }) => weight > 0)
        .map(({ account, since }) => ({ routeId: id, account, since, over: haltIf.over }));

function haltedEvent(
  { routeId, account, failures, over }: HaltedUse,
  { clientId, version, routes }: Pick<RouteVersionRow, 'clientId' | 'version' | 'routes'>,
): readonly NewEventRow[] {
  const route = routes.find(({ id }) => id === routeId);
  if (route?.haltIf === undefined) return [];
  const { name, haltIf, use } = route;
  const data = {
    route: { id: encodeId('route', routeId), name, version },
    account,
    failures,
    over,
    failureRate: haltIf.failureRate,
    /** Nothing of the route is left: its mail falls back, or is refused. */
    last: use.every(({ weight }) => weight === 0),
  };
  return [{ id: newUuid(), clientId, messageId: null, batchId: null, type: 'route.halted', data }];
}
