import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import {
  toEndpoint,
  type PauseReason,
  type WebhookEndpointRow,
  type WebhookPlace,
  type WebhookSecret,
  type WebhookSettings,
} from './webhook-rows.js';
import * as sql from './webhook-endpoint.sql.js';

export interface NewWebhookEndpoint extends WebhookSettings {
  readonly id: string;
  readonly clientId: string;
  readonly signing: 'hmac' | 'ed25519';
  readonly secrets: readonly WebhookSecret[];
  readonly place: WebhookPlace;
  readonly enabled: boolean;
  readonly createdBy: string;
}

/** Where clients want their events sent; a client sees only its own. */
@Injectable()
export class WebhookEndpointRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Queryable, endpoint: NewWebhookEndpoint): Promise<WebhookEndpointRow> {
    const { place, enabled, secrets, ...rest } = endpoint;
    const prisma = await this.database.prismaOn(tx);
    const row = await prisma.webhookEndpoint.create({
      data: {
        ...settingsData(rest),
        id: rest.id,
        clientId: rest.clientId,
        signing: rest.signing,
        createdBy: rest.createdBy,
        secrets: secrets as unknown as Prisma.InputJsonValue,
        position: place.position,
        told: place.told,
        inFlight: rest.maxInFlight,
        ...(!enabled && { pausedAt: await this.database.timeOf(tx), pauseReason: 'caller' }),
      },
    });
    return toEndpoint(row);
  }

  async findById(clientId: string, id: string): Promise<WebhookEndpointRow | undefined> {
    const row = await this.database.prisma.webhookEndpoint.findFirst({ where: { id, clientId } });
    return row === null ? undefined : toEndpoint(row);
  }

  /** Newest first, before (older than) an id. */
  async findPage(
    clientId: string,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<WebhookEndpointRow[]> {
    const rows = await this.database.prisma.webhookEndpoint.findMany({
      where: { clientId, ...(page.before !== undefined && { id: { lt: page.before } }) },
      orderBy: { id: 'desc' },
      take: page.limit,
    });
    return rows.map(toEndpoint);
  }

  /** Keeps an endpoint from changing until the transaction ends. */
  async lock(tx: Queryable, clientId: string, id: string): Promise<WebhookEndpointRow | undefined> {
    const { rowCount } = await tx.query(sql.LOCK, [clientId, id]);
    if (rowCount !== 1) return undefined;
    const prisma = await this.database.prismaOn(tx);
    return toEndpoint(await prisma.webhookEndpoint.findFirstOrThrow({ where: { id } }));
  }

  async count(tx: Queryable, clientId: string): Promise<number> {
    return (await this.database.prismaOn(tx)).webhookEndpoint.count({ where: { clientId } });
  }

  /** An endpoint whose URL changes is tried at once. */
  async update(tx: Queryable, id: string, settings: Partial<WebhookSettings>): Promise<void> {
    const prisma = await this.database.prismaOn(tx);
    await prisma.webhookEndpoint.update({
      where: { id },
      data: {
        ...settingsData(settings),
        ...(settings.maxInFlight !== undefined && { inFlight: settings.maxInFlight }),
        ...(settings.url !== undefined && { probeAt: null, probes: 0, failures: 0, failingSince: null }),
        lookAt: null,
        updatedAt: await this.database.timeOf(tx),
      },
    });
  }

  /** Endpoints with headers whose values do not begin with `prefix`, in the order of their ids. */
  async findUnsealed(
    prefix: string,
    page: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly Pick<WebhookEndpointRow, 'id' | 'headers'>[]> {
    const values = [prefix, page.after ?? null, page.limit];
    return (await this.database.pool.query<WebhookEndpointRow>(sql.FIND_UNSEALED, values)).rows;
  }

  /** The same headers in another form. Nothing happens if they were changed meanwhile. */
  async replaceHeaders(
    id: string,
    before: WebhookEndpointRow['headers'],
    after: WebhookEndpointRow['headers'],
  ): Promise<void> {
    await this.database.pool.query(sql.REPLACE_HEADERS, [id, JSON.stringify(before), JSON.stringify(after)]);
  }

  async setSecrets(tx: Queryable, id: string, secrets: readonly WebhookSecret[]): Promise<void> {
    const prisma = await this.database.prismaOn(tx);
    await prisma.webhookEndpoint.update({
      where: { id },
      data: {
        secrets: secrets as unknown as Prisma.InputJsonValue,
        updatedAt: await this.database.timeOf(tx),
      },
    });
  }

  async pause(tx: Queryable, id: string, reason: PauseReason): Promise<void> {
    const prisma = await this.database.prismaOn(tx);
    const pausedAt = await this.database.timeOf(tx);
    await prisma.webhookEndpoint.update({
      where: { id },
      data: { pausedAt, pauseReason: reason, updatedAt: pausedAt },
    });
  }

  /** @param from goes on from there, and a worker that is still sending has lost its lease */
  async resume(tx: Queryable, id: string, from: WebhookPlace | undefined): Promise<void> {
    await tx.query(sql.RESUME, [id, from?.position ?? null, from?.told ?? null]);
  }

  async delete(tx: Queryable, clientId: string, id: string): Promise<boolean> {
    const prisma = await this.database.prismaOn(tx);
    return (await prisma.webhookEndpoint.deleteMany({ where: { id, clientId } })).count === 1;
  }

  /** The first position of a client's events from a time on; nothing when there is none. */
  async findPlaceAt(clientId: string, time: Date): Promise<WebhookPlace | undefined> {
    const { rows } = await this.database.pool.query<{ position: number | null }>(sql.FIND_PLACE_AT, [clientId, time]);
    const position = rows[0]?.position ?? null;
    return position === null ? undefined : { position, told: 0 };
  }
}

function settingsData(settings: WebhookSettings): Columns;
function settingsData(settings: Partial<WebhookSettings>): Partial<Columns>;
function settingsData(settings: Partial<WebhookSettings>): Partial<Columns> {
  const names = [
    ...(['url', 'description', 'events', 'filter', 'batchMaxEvents', 'batchMaxWaitMs', 'ordered'] as const),
    ...(['maxInFlight', 'maxPerSecond', 'headers'] as const),
  ];
  const given = names.filter((name) => settings[name] !== undefined).map((name) => [name, settings[name]]);
  return Object.fromEntries(given) as Partial<Columns>;
}

type Columns = Omit<WebhookSettings, 'events' | 'filter' | 'headers'> & {
  readonly events: string[];
  readonly filter: Prisma.InputJsonValue;
  readonly headers: Prisma.InputJsonValue;
};
