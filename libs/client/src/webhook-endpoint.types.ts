import type { EventType, GatewayEvent } from './event.types.js';

// By hand, after the public interface ("Webhooks"), until the OpenAPI document has these calls; nothing else knows them.

/** `recipient.*` stands for all types that begin so. */
export type EventPattern =
  EventType | `${'message' | 'batch' | 'recipient' | 'webhook_endpoint'}.*` | '*' | (string & {});

export interface EndpointFilter {
  readonly categories?: readonly string[];
  readonly tags?: readonly string[];
  readonly providers?: readonly string[];
  readonly templateIds?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface EndpointSettings {
  readonly url: string;
  /** All unless given. */
  readonly events?: readonly EventPattern[];
  readonly description?: string;
  readonly filter?: EndpointFilter;
  readonly batch?: { readonly maxEvents?: number; readonly maxWaitMs?: number };
  readonly ordered?: boolean;
  readonly maxInFlight?: number;
  readonly maxPerSecond?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly enabled?: boolean;
}

export interface NewWebhookEndpoint extends EndpointSettings {
  readonly signing?: 'hmac' | 'ed25519';
  /** A cursor or a time; now unless given. */
  readonly from?: string;
}

export interface WebhookEndpoint extends EndpointSettings {
  readonly id: string;
  readonly events: readonly EventPattern[];
  readonly enabled: boolean;
  readonly signing: 'hmac' | 'ed25519';
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Of `get` only. */
  readonly health?: EndpointHealth;
}

export interface EndpointHealth {
  readonly state: 'healthy' | 'failing' | 'paused';
  readonly failingSince: string | null;
  readonly lag: { readonly events: number; readonly seconds: number };
  readonly lastSuccessAt: string | null;
  readonly lastError: DeliveryError | null;
}

/** Of `create` and `rotateSecret`: shown once. */
export interface SigningKey {
  /** `whsec_…` with `signing: 'hmac'`. */
  readonly secret?: string;
  /** `whpk_…` with `signing: 'ed25519'`. */
  readonly publicKey?: string;
}

export type RotatedKey = SigningKey & { readonly previousValidUntil: string | null };

export interface DeliveryError {
  readonly code: 'E_TARGET_FORBIDDEN' | 'E_DNS' | 'E_CONNECT' | 'E_TLS' | 'E_TIMEOUT' | 'E_HTTP' | (string & {});
  readonly detail: string;
}

export interface EndpointTest {
  readonly delivered: boolean;
  readonly httpStatus: number | null;
  readonly durationMs: number;
  readonly address: string | null;
  readonly error: DeliveryError | null;
  readonly response: unknown;
}

export type Replay = { readonly dryRun?: boolean } & (
  | { readonly events: readonly string[] }
  | { readonly from: string; readonly to: string; readonly types?: readonly EventPattern[] }
  | { readonly failed: true }
);

export interface Replayed {
  readonly events: number;
  readonly requests: number;
}

export interface DeliveryFilter {
  readonly status?: 'pending' | 'delivered' | 'failing' | 'failed';
  readonly event?: string;
  readonly message?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface WebhookDelivery {
  readonly id: string;
  readonly status: 'pending' | 'delivered' | 'failing' | 'failed';
  readonly attempts: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

export interface WebhookEventType {
  readonly type: EventType | (string & {});
  readonly example: GatewayEvent;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}
