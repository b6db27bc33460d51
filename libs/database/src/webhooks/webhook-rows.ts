import type { Prisma } from '../generated/client.js';

/** A place in the log: a position, and how many entries of its row were sent. */
export interface WebhookPlace {
  readonly position: number;
  readonly told: number;
}

export interface WebhookSecret {
  readonly version: number;
  readonly keyId: string;
  readonly validUntil: string | null;
}

export interface WebhookFilter {
  readonly categories?: readonly string[];
  readonly tags?: readonly string[];
  readonly providers?: readonly string[];
  readonly templateIds?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface WebhookFailure {
  readonly at: string;
  readonly code: string;
  readonly detail: string;
  readonly httpStatus: number | null;
}

/** The settings of an endpoint, chosen by its client. */
export interface WebhookSettings {
  readonly url: string;
  readonly description: string | null;
  readonly events: readonly string[];
  readonly filter: WebhookFilter;
  readonly batchMaxEvents: number | null;
  readonly batchMaxWaitMs: number | null;
  readonly ordered: boolean;
  readonly maxInFlight: number;
  readonly maxPerSecond: number | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The recent results of an endpoint. */
export interface WebhookHealth {
  /** Concurrent requests at the moment. */
  readonly inFlight: number;
  readonly failures: number;
  readonly failingSince: Date | null;
  /** While it is set, the endpoint counts as failing. */
  readonly probeAt: Date | null;
  readonly probes: number;
  readonly lastSuccessAt: Date | null;
  readonly lastError: WebhookFailure | null;
}

export type PauseReason = 'caller' | 'gone' | 'failing';

export interface WebhookEndpointRow extends WebhookSettings, WebhookHealth {
  readonly id: string;
  readonly clientId: string;
  readonly signing: 'hmac' | 'ed25519';
  readonly secrets: readonly WebhookSecret[];
  readonly place: WebhookPlace;
  readonly planned: readonly WebhookPlace[];
  /** How often mail of its client was erased. */
  readonly erasures: number;
  readonly pausedAt: Date | null;
  readonly pauseReason: PauseReason | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type DeliveryStatus = 'pending' | 'failing' | 'delivered' | 'failed';

export interface WebhookAttempt {
  readonly at: string;
  readonly durationMs: number;
  readonly address: string | null;
  readonly httpStatus: number | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly request: { readonly headers: Readonly<Record<string, string>> };
  readonly response: { readonly headers: Readonly<Record<string, string>>; readonly body: string } | null;
}

export interface WebhookDeliveryRow {
  readonly id: string;
  readonly endpointId: string;
  readonly webhookId: string;
  readonly type: string;
  readonly eventIds: readonly string[];
  readonly messageIds: readonly string[];
  readonly replay: boolean;
  readonly body: string;
  readonly status: DeliveryStatus;
  readonly tries: number;
  readonly refusals: number;
  readonly nextAttemptAt: Date | null;
  readonly attempts: readonly WebhookAttempt[];
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export type NewWebhookDelivery = Omit<WebhookDeliveryRow, 'createdAt'>;

/** JSON columns have the shapes that this folder writes. */
export function toEndpoint(row: Prisma.WebhookEndpointGetPayload<object>): WebhookEndpointRow {
  const { position, told, leaseToken: _token, leaseUntil: _until, lookAt: _look, erasures, ...rest } = row;
  return {
    ...(rest as unknown as Omit<WebhookEndpointRow, 'place' | 'erasures'>),
    erasures: Number(erasures),
    place: { position: Number(position), told },
  };
}

export const toDelivery = (row: object): WebhookDeliveryRow => row as unknown as WebhookDeliveryRow;
