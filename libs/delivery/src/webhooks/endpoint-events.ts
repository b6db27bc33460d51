import { encodeId, type WebhookEventType } from '@gateway/core';
import type { NewEventRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';

/** An event about an endpoint, for the feed and for the client's other endpoints. */
export const endpointEvent = (
  type: WebhookEventType,
  endpoint: { readonly id: string; readonly clientId: string; readonly url: string },
  data: Readonly<Record<string, unknown>> = {},
): NewEventRow => ({
  id: newUuid(),
  clientId: endpoint.clientId,
  messageId: null,
  batchId: null,
  type,
  data: { endpointId: encodeId('webhookEndpoint', endpoint.id), url: endpoint.url, ...data },
});
