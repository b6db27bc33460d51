import type { List } from '../list.js';
import type { Api } from '../transport/api.js';
import type { CallOptions } from '../transport/options.js';
import { path } from '../transport/url.js';
import type {
  AnswerOf,
  BodyOf,
  CreateWebhookEndpoint,
  NewWebhookEndpoint,
  QueryOf,
  WebhookDelivery,
  WebhookDeliverySummary,
  WebhookEndpoint,
  WebhookEndpointWithHealth,
  WebhookEventType,
} from '../types.js';

/** Targets of webhooks. Verify what they get with `@email-gateway/client/webhooks`. */
export class WebhookEndpoints {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** The answer has the secret or public key; it is shown once. */
  create(endpoint: CreateWebhookEndpoint, options?: CallOptions): Promise<NewWebhookEndpoint> {
    return this.#api.post('/v1/webhook-endpoints', endpoint, options);
  }

  list(page: QueryOf<'listWebhookEndpoints'> = {}, options?: CallOptions): List<WebhookEndpoint> {
    return this.#api.list('/v1/webhook-endpoints', page, options);
  }

  /** With its `health`. */
  get(id: string, options?: CallOptions): Promise<WebhookEndpointWithHealth> {
    return this.#api.get(path`/v1/webhook-endpoints/${id}`, {}, options);
  }

  update(id: string, changes: BodyOf<'updateWebhookEndpoint'>, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.#api.patch(path`/v1/webhook-endpoints/${id}`, changes, options);
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#api.delete(path`/v1/webhook-endpoints/${id}`, options);
  }

  /** Sends an example now and answers what became of it. */
  test(
    id: string,
    body: BodyOf<'testWebhookEndpoint'> = {},
    options?: CallOptions,
  ): Promise<AnswerOf<'testWebhookEndpoint', 200>> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/test`, body, options);
  }

  /** Nothing is lost: its cursor waits. */
  pause(id: string, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/pause`, undefined, options);
  }

  resume(id: string, body: BodyOf<'resumeWebhookEndpoint'> = {}, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/resume`, body, options);
  }

  /** @param body for how long the old secret signs too, such as `PT24H`; `PT0S` ends it at once */
  rotateSecret(
    id: string,
    body: BodyOf<'rotateWebhookSecret'> = {},
    options?: CallOptions,
  ): Promise<AnswerOf<'rotateWebhookSecret', 200>> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/rotate-secret`, body, options);
  }

  replay(
    id: string,
    what: BodyOf<'replayWebhookEvents'>,
    options?: CallOptions,
  ): Promise<AnswerOf<'replayWebhookEvents', 200>> {
    return this.#api.post(path`/v1/webhook-endpoints/${id}/replay`, what, options);
  }

  deliveries(
    id: string,
    filter: QueryOf<'listWebhookDeliveries'> = {},
    options?: CallOptions,
  ): List<WebhookDeliverySummary> {
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
