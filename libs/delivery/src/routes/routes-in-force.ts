import { Injectable } from '@nestjs/common';
import {
  compileRoutes,
  decodeId,
  NO_ROUTES,
  type CompiledRoutes,
  type RouteMatch,
  type StoredRoute,
} from '@gateway/core';
import { RouteRepository } from '@gateway/database';

/** Milliseconds; the time that another process may go on with the version before. */
const FRESH_MS = 1000;

/**
 * The routes, ready to be asked, in memory. A mail costs no look at the database: one a second finds out whether there
 * is a newer version.
 */
@Injectable()
export class RoutesInForce {
  private compiled = NO_ROUTES;
  private lookedAt = -Infinity;
  private looking: Promise<CompiledRoutes> | undefined;

  constructor(private readonly routes: RouteRepository) {}

  /** As they were at most a second ago. */
  current(): CompiledRoutes | Promise<CompiledRoutes> {
    return performance.now() - this.lookedAt < FRESH_MS ? this.compiled : this.look();
  }

  /** For this process at once: it has just changed them. */
  async refresh(): Promise<CompiledRoutes> {
    // A look that is under way may have begun before the change.
    await this.looking?.catch(() => undefined);
    return this.look();
  }

  /** A version that is not in force: what `PUT` or a dry run is given. */
  async compile(version: number, routes: readonly StoredRoute[]): Promise<CompiledRoutes> {
    const clients = await this.routes.findClients(routes.flatMap(({ match }) => match.clients ?? []));
    return compileRoutes(version, routes, (match) => toIds(match, clients));
  }

  private look(): Promise<CompiledRoutes> {
    this.looking ??= this.load().finally(() => void (this.looking = undefined));
    return this.looking;
  }

  private async load(): Promise<CompiledRoutes> {
    const begunAt = performance.now();
    if ((await this.routes.findNewest()) !== this.compiled.version) {
      const row = await this.routes.findCurrent();
      this.compiled = row === undefined ? NO_ROUTES : await this.compile(row.version, row.routes);
    }
    this.lookedAt = begunAt;
    return this.compiled;
  }
}

/** Messages know clients and templates by their UUIDs. */
function toIds({ clients, templates, ...match }: RouteMatch, ids: ReadonlyMap<string, string>): RouteMatch {
  return {
    ...match,
    ...(clients && { clients: clients.flatMap((name) => ids.get(name) ?? []) }),
    ...(templates && { templates: templates.flatMap((id) => decodeId('template', id) ?? []) }),
  };
}
