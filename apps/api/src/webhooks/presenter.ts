import { encodeId } from '@gateway/core';
import type { WebhookDeliveryRow, WebhookEndpointRow } from '@gateway/database';
import { hideValues } from '@gateway/delivery';

const MOST_BODY = 16 * 1024;

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

/** @param publicKey of an endpoint that is signed for by ed25519 */
export const presentEndpoint = (row: WebhookEndpointRow, publicKey?: string) => ({
  id: encodeId('webhookEndpoint', row.id),
  url: row.url,
  description: row.description,
  events: row.events,
  filter: row.filter,
  batch: row.batchMaxEvents === null ? null : { maxEvents: row.batchMaxEvents, maxWaitMs: row.batchMaxWaitMs ?? 0 },
  ordered: row.ordered,
  maxInFlight: row.maxInFlight,
  maxPerSecond: row.maxPerSecond,
  headers: hideValues(row.headers),
  signing: row.signing,
  ...(publicKey !== undefined && { publicKey }),
  enabled: row.pausedAt === null,
  pausedAt: time(row.pausedAt),
  pauseReason: row.pauseReason,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export const presentHealth = (row: WebhookEndpointRow, lag: { readonly events: number; readonly seconds: number }) => ({
  state: stateOf(row),
  failingSince: row.probeAt === null ? null : time(row.failingSince),
  lag,
  lastSuccessAt: time(row.lastSuccessAt),
  lastError: row.lastError,
});

const stateOf = ({ pausedAt, probeAt }: WebhookEndpointRow): 'paused' | 'failing' | 'healthy' =>
  pausedAt !== null ? 'paused' : probeAt !== null ? 'failing' : 'healthy';

/** In a list, attempts are without their requests and responses. */
export const presentDeliverySummary = (row: WebhookDeliveryRow) => ({
  ...common(row),
  attempts: row.attempts.map(({ request: _, response: __, ...attempt }) => attempt),
});

export const presentDelivery = (row: WebhookDeliveryRow) => ({
  ...common(row),
  attempts: row.attempts.map(({ request, ...attempt }) => ({
    ...attempt,
    request: { ...request, body: beginningOf(row.body) },
  })),
});

const common = (row: WebhookDeliveryRow) => ({
  id: encodeId('webhookDelivery', row.id),
  endpointId: encodeId('webhookEndpoint', row.endpointId),
  webhookId: row.webhookId,
  type: row.type,
  status: row.status,
  replay: row.replay,
  events: row.eventIds,
  messages: row.messageIds.map((id) => encodeId('message', id)),
  nextAttemptAt: time(row.nextAttemptAt),
  createdAt: row.createdAt.toISOString(),
  finishedAt: time(row.finishedAt),
});

const beginningOf = (body: string): string =>
  body.length > MOST_BODY ? body.slice(0, MOST_BODY).toWellFormed() : body;
