import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import type { Prisma } from '../generated/client.js';
import * as sql from './webhook-delivery.sql.js';
import { toDelivery, type DeliveryStatus, type NewWebhookDelivery, type WebhookDeliveryRow } from './webhook-rows.js';

export interface DeliveryFilter {
  readonly status?: DeliveryStatus | undefined;
  readonly event?: string | undefined;
  readonly message?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export interface WaitingDeliveries {
  readonly events: number;
  readonly seconds: number;
}

/** The properties of a message that endpoints filter by. */
export interface MessageFacts {
  readonly id: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly provider: string;
  readonly templateId: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const COLUMNS: Readonly<Record<string, string>> = {
  endpoint_id: 'endpointId',
  webhook_id: 'webhookId',
  event_ids: 'eventIds',
  message_ids: 'messageIds',
  next_attempt_at: 'nextAttemptAt',
  created_at: 'createdAt',
  finished_at: 'finishedAt',
};

/** Requests to endpoints. */
@Injectable()
export class WebhookDeliveryRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Queryable, deliveries: readonly NewWebhookDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const prisma = await this.database.prismaOn(tx);
    await prisma.webhookDelivery.createMany({
      data: deliveries.map((row) => ({
        ...row,
        eventIds: [...row.eventIds],
        messageIds: [...row.messageIds],
        attempts: row.attempts as unknown as Prisma.InputJsonValue,
      })),
    });
  }

  async update(tx: Queryable, { id, ...row }: NewWebhookDelivery): Promise<void> {
    const { status, tries, refusals, nextAttemptAt, attempts, finishedAt } = row;
    const prisma = await this.database.prismaOn(tx);
    // It may have been deleted together with its endpoint.
    await prisma.webhookDelivery.updateMany({
      where: { id },
      data: {
        status,
        tries,
        refusals,
        nextAttemptAt,
        finishedAt,
        attempts: attempts as unknown as Prisma.InputJsonValue,
      },
    });
  }

  async remove(tx: Queryable, id: string): Promise<void> {
    await (await this.database.prismaOn(tx)).webhookDelivery.deleteMany({ where: { id } });
  }

  async findById(endpointId: string, id: string, tx?: Queryable): Promise<WebhookDeliveryRow | undefined> {
    const prisma = await this.database.prismaOn(tx ?? this.database.pool);
    const row = await prisma.webhookDelivery.findFirst({ where: { id, endpointId } });
    return row === null ? undefined : toDelivery(row);
  }

  /** Those that still exist, by id. */
  async findByIds(tx: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, WebhookDeliveryRow>> {
    if (ids.length === 0) return new Map();
    const prisma = await this.database.prismaOn(tx);
    const rows = await prisma.webhookDelivery.findMany({ where: { id: { in: [...ids] } } });
    return new Map(rows.map((row) => [row.id, toDelivery(row)]));
  }

  /** Newest first, before (older than) an id. */
  async findPage(
    endpointId: string,
    filter: DeliveryFilter,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<WebhookDeliveryRow[]> {
    const { status, event, message, from, to } = filter;
    const rows = await this.database.prisma.webhookDelivery.findMany({
      where: {
        endpointId,
        ...(page.before !== undefined && { id: { lt: page.before } }),
        ...(status !== undefined && { status }),
        ...(event !== undefined && { eventIds: { has: event } }),
        ...(message !== undefined && { messageIds: { has: message } }),
        createdAt: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) },
      },
      orderBy: { id: 'desc' },
      take: page.limit,
    });
    return rows.map(toDelivery);
  }

  findDue(endpointId: string, limit: number): Promise<WebhookDeliveryRow[]> {
    return this.find(sql.FIND_DUE, [endpointId, limit]);
  }

  async findOldest(endpointId: string): Promise<WebhookDeliveryRow | undefined> {
    return (await this.find(sql.FIND_OLDEST, [endpointId]))[0];
  }

  async findProbe(endpointId: string): Promise<WebhookDeliveryRow | undefined> {
    return (await this.find(sql.FIND_PROBE, [endpointId]))[0];
  }

  async hasten(tx: Queryable, endpointId: string): Promise<void> {
    await tx.query(sql.HASTEN, [endpointId]);
  }

  async giveUp(tx: Queryable, endpointId: string): Promise<void> {
    await tx.query(sql.GIVE_UP, [endpointId]);
  }

  async retry(tx: Queryable, endpointId: string, id: string): Promise<boolean> {
    const { rowCount } = await tx.query(sql.RETRY, [endpointId, id]);
    await this.probeNow(tx, endpointId);
    return rowCount === 1;
  }

  async retryFailed(tx: Queryable, endpointId: string): Promise<void> {
    await tx.query(sql.RETRY_FAILED, [endpointId]);
    await this.probeNow(tx, endpointId);
  }

  /** Has a failing endpoint tried now. */
  async probeNow(tx: Queryable, endpointId: string): Promise<void> {
    await tx.query(sql.PROBE_NOW, [endpointId]);
  }

  async countFailed(tx: Queryable, endpointId: string): Promise<{ requests: number; events: number }> {
    const { rows } = await tx.query<{ requests: number; events: number }>(sql.COUNT_FAILED, [endpointId]);
    return rows[0] ?? { requests: 0, events: 0 };
  }

  async countWaiting(endpointId: string): Promise<WaitingDeliveries> {
    const { rows } = await this.database.pool.query<WaitingDeliveries>(sql.COUNT_WAITING, [endpointId]);
    return rows[0] ?? { events: 0, seconds: 0 };
  }

  /** @returns how many were deleted */
  async deleteOld(deliveredBefore: Date, failedBefore: Date): Promise<number> {
    return (await this.database.pool.query(sql.DELETE_OLD, [deliveredBefore, failedBefore])).rowCount ?? 0;
  }

  async deleteErased(): Promise<void> {
    await this.database.pool.query(sql.DELETE_ERASED);
  }

  async findFacts(messageIds: readonly string[]): Promise<Map<string, MessageFacts>> {
    const { rows } = await this.database.pool.query<MessageFacts>(sql.FIND_FACTS, [messageIds]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The account of each batch. */
  async findAccounts(batchIds: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await this.database.pool.query<{ id: string; provider: string }>(sql.FIND_ACCOUNTS, [batchIds]);
    return new Map(rows.map(({ id, provider }) => [id, provider]));
  }

  private async find(text: string, values: readonly unknown[]): Promise<WebhookDeliveryRow[]> {
    const { rows } = await this.database.pool.query<Record<string, unknown>>(text, [...values]);
    return rows.map((row) =>
      toDelivery(Object.fromEntries(Object.entries(row).map(([name, value]) => [COLUMNS[name] ?? name, value]))),
    );
  }
}
