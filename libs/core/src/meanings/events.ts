import { recipientStatuses, type RecipientStatus } from '../recipient-status.js';
import { recipientStatusMeanings } from './statuses.js';

// One sentence for each type of event (docs/api.md#answers).

const OF_MESSAGES_AND_BATCHES = {
  'message.accepted': 'The gateway accepted and stored the message.',
  'message.scheduled': 'The message waits for its `sendAt`.',
  'message.held': 'The gateway accepted and stored the message, and does not send it until it is released.',
  'message.released': 'The message was released, and is sent now or at its `sendAt`.',
  'message.expanded': 'The recipients of an audience or list are known.',
  'message.cancelled': 'The caller cancelled what no provider had accepted.',
  'message.completed': 'All recipients of the message are settled.',
  'batch.dispatched': 'A worker is about to send the batch to the provider.',
  'batch.accepted': 'The provider accepted the batch and returned a request id.',
  'batch.refused': 'The provider or the gateway refused the batch.',
  'batch.deferred': 'The batch cannot be sent at the moment and is tried again later.',
  'batch.unconfirmed': 'A request was sent and its answer never arrived; the gateway asks the provider.',
  'batch.adopted': 'The provider has the request whose answer never arrived.',
  'batch.resent': 'The provider does not have the request whose answer never arrived; it is sent again.',
  'provider.unknown_status': 'The provider reported a status that the gateway does not know.',
} as const;

const OF_WEBHOOKS = {
  'webhook_endpoint.failing':
    'Requests to the webhook endpoint fail one after the other; it is tried again from time to time.',
  'webhook_endpoint.recovered': 'The webhook endpoint answers again.',
  'webhook_endpoint.paused': 'Nothing is sent to the webhook endpoint any more; its events wait.',
  'webhook_endpoint.resumed': 'Events are sent to the webhook endpoint again.',
} as const;

const OF_ROUTES = {
  'route.halted': 'Too many of the last messages of a route failed at an account: its weight there is 0 now.',
} as const;

export type RouteEventType = keyof typeof OF_ROUTES;
export type RecipientEventType = `recipient.${RecipientStatus | 'opened'}`;
export type WebhookEventType = keyof typeof OF_WEBHOOKS;
export type EventType = keyof typeof OF_MESSAGES_AND_BATCHES | RecipientEventType | WebhookEventType | RouteEventType;

export const recipientEvent = (status: RecipientStatus | 'opened'): RecipientEventType => `recipient.${status}`;

const OF_RECIPIENTS = Object.fromEntries([
  ...recipientStatuses.map((status) => [recipientEvent(status), recipientStatusMeanings[status]]),
  [recipientEvent('opened'), 'The recipient opened the mail.'],
]) as Readonly<Record<RecipientEventType, string>>;

export const eventMeanings: Readonly<Record<EventType, string>> = {
  ...OF_MESSAGES_AND_BATCHES,
  ...OF_RECIPIENTS,
  ...OF_WEBHOOKS,
  ...OF_ROUTES,
};

export const eventTypes = Object.keys(eventMeanings) as readonly EventType[];

/**
 * Reads a filter such as `message.completed` or `recipient.*`. @returns the types that it means; none if it is not one.
 */
export function eventTypesOf(filter: string): readonly EventType[] {
  if (filter === '*') return eventTypes;
  if (!filter.endsWith('.*')) return eventTypes.filter((type) => type === filter);
  return eventTypes.filter((type) => type.startsWith(filter.slice(0, -1)));
}
