import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import type { CallOptions } from '../transport/options.js';
import { path } from '../transport/url.js';
import type {
  DeliveryFilter,
  EndpointSettings,
  EndpointTest,
  NewWebhookEndpoint,
  Replay,
  Replayed,
  RotatedKey,
  SigningKey,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEventType,
} from '../webhook-endpoint.types.js';

/** Targets of webhooks. Verify what they get with `@email-gateway/client/webhooks`. */
export class WebhookEndpoints {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** The answer has the secret or public key; it is shown once. */
  create(endpoint: NewWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpoint & SigningKey> {
    return this.#api.post('/v1/webhook-endpoints', endpoint, options);
  }

  list(page: { limit?: number; cursor?: string } = {}, options?: CallOptions): List<WebhookEndpoint> {
    return this.#api.list('/v1/webhook-endpoints', page, options);
  }

  /** With its `health`. */
  get(id: string, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.#api.get(path`/v1/webhook-endpoints/${id}`, {}, options);
  }

  update(id: string, changes: Partial<EndpointSettings>, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.#api.patch(path`/v1/webhook-endpoints/${id}`, changes, options);
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/webhook-endpoints/${id}`, options);
  }

  /** Sends an example now and answers what became of it. */
  test(id: string, body: { readonly type?: string } = {}, options?: CallOptions): Promise<EndpointTest> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/test`, body, options);
  }

  /** Nothing is lost: its cursor waits. */
  pause(id: string, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/pause`, undefined, options);
  }

  resume(id: string, body: { readonly from?: 'held' | 'now' } = {}, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/resume`, body, options);
  }

  /** @param body for how long the old secret signs too, such as `PT24H`; `PT0S` ends it at once */
  rotateSecret(id: string, body: { readonly overlap?: string } = {}, options?: CallOptions): Promise<RotatedKey> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/rotate-secret`, body, options);
  }

  replay(id: string, what: Replay, options?: CallOptions): Promise<Replayed> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/replay`, what, options);
  }

  deliveries(id: string, filter: DeliveryFilter = {}, options?: CallOptions): List<WebhookDelivery> {
    return this.#api.list(path`/v1/webhook-endpoints/${id}/deliveries`, filter, options);
  }

  delivery(id: string, deliveryId: string, options?: CallOptions): Promise<WebhookDelivery> {
    return this.#api.get(path`/v1/webhook-endpoints/${id}/deliveries/${deliveryId}`, {}, options);
  }

  retryDelivery(id: string, deliveryId: string, options?: CallOptions): Promise<WebhookDelivery> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/deliveries/${deliveryId}/retry`, undefined, options);
  }

  /** Every type with an example and its JSON Schema. */
  eventTypes(options?: CallOptions): List<WebhookEventType> {
    return this.#api.list('/v1/webhook-event-types', {}, options);
  }
}
