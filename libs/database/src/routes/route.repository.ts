import { Injectable } from '@nestjs/common';
import type { Category, RouteRecord, StoredRoute } from '@gateway/core';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import * as sql from './route.sql.js';

/** One version of the routes, and who made it. */
export interface RouteVersionRow {
  readonly version: number;
  readonly routes: readonly StoredRoute[];
  readonly change: 'put' | 'halt';
  /** The key that did it; `null`: the guard of a route. */
  readonly changedBy: string | null;
  /** The client whose log tells of halted routes. */
  readonly clientId: string;
  readonly changedAt: Date;
}

/** A use that a guard watches. */
export interface GuardedUse {
  readonly routeId: string;
  readonly account: string;
  readonly since: string;
  readonly over: number;
}

export interface UseFailures {
  readonly messages: number;
  readonly failures: number;
}

/** A message as a dry run sees it. */
export interface LastMessageRow {
  readonly id: string;
  readonly clientId: string;
  readonly category: Category;
  readonly fromAddress: string;
  readonly tags: readonly string[];
  readonly templateId: string | null;
  readonly requestedProvider: string;
  readonly provider: string;
  readonly routing: RouteRecord;
  readonly firstAddress: string | null;
}

/** The versions of the routes, and what their guards and dry runs look at. */
@Injectable()
export class RouteRepository {
  constructor(private readonly database: Database) {}

  /** The number of the version in force; 0: no routes have been set. One look at the end of an index. */
  async findNewest(): Promise<number> {
    const { rows } = await this.database.pool.query<{ version: number }>({
      name: 'find-newest-routes',
      text: sql.FIND_NEWEST,
    });
    return rows[0]?.version ?? 0;
  }

  async findCurrent(tx: Queryable = this.database.pool): Promise<RouteVersionRow | undefined> {
    const { routeVersion } = await this.database.prismaOn(tx);
    const row = await routeVersion.findFirst({ orderBy: { version: 'desc' } });
    return row === null ? undefined : toRow(row);
  }

  async findPage(page: { readonly before: number | undefined; readonly limit: number }): Promise<RouteVersionRow[]> {
    const rows = await this.database.prisma.routeVersion.findMany({
      ...(page.before !== undefined && { where: { version: { lt: page.before } } }),
      orderBy: { version: 'desc' },
      take: page.limit,
    });
    return rows.map(toRow);
  }

  /** Two changes must not build on one version. */
  async lock(tx: Queryable): Promise<void> {
    await tx.query(sql.LOCK);
  }

  async insert(tx: Queryable, row: Omit<RouteVersionRow, 'changedAt'>): Promise<void> {
    const { routeVersion } = await this.database.prismaOn(tx);
    const { version, change, changedBy, clientId } = row;
    const routes = row.routes as unknown as Prisma.InputJsonArray;
    await routeVersion.create({ data: { version, change, changedBy, clientId, routes } });
  }

  /** Clients by name. */
  async findClients(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (names.length === 0) return new Map();
    const rows = await this.database.prisma.client.findMany({ where: { name: { in: [...names] } } });
    return new Map(rows.map(({ name, id }) => [name, id]));
  }

  /** The clients of templates, by name; deleted templates can be restored, so they count. */
  async findTemplateOwners(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.prisma.template.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, client: { select: { name: true } } },
    });
    return new Map(rows.map(({ id, client }) => [id, client.name]));
  }

  /** In the order of the uses; none: no message yet. */
  async countFailures(
    uses: readonly GuardedUse[],
    tx: Queryable = this.database.pool,
  ): Promise<readonly (UseFailures | undefined)[]> {
    if (uses.length === 0) return [];
    const { rows } = await tx.query<UseFailures & { nth: number }>(sql.COUNT_FAILURES, [
      uses.map(({ routeId }) => routeId),
      uses.map(({ account }) => account),
      uses.map(({ since }) => since),
      uses.map(({ over }) => over),
    ]);
    const byUse = new Map(rows.map(({ nth, messages, failures }) => [nth, { messages, failures }]));
    return uses.map((_, i) => byUse.get(i + 1));
  }

  /** The last messages of all clients, newest first. */
  async findLast(limit: number): Promise<readonly LastMessageRow[]> {
    return (await this.database.pool.query<LastMessageRow>(sql.FIND_LAST, [limit])).rows;
  }
}

function toRow(row: {
  readonly version: number;
  readonly routes: unknown;
  readonly change: string;
  readonly changedBy: string | null;
  readonly clientId: string;
  readonly changedAt: Date;
}): RouteVersionRow {
  return { ...row, routes: row.routes as readonly StoredRoute[], change: row.change === 'halt' ? 'halt' : 'put' };
}
