import type { Reason, RecipientStatus } from './types.js';

// By hand: the OpenAPI document has one open schema for all events.

interface Base<Type extends string> {
  /** `evt_…`; the same in the feed, in the stream and in webhooks. */
  readonly id: string;
  readonly at: string;
  readonly type: Type;
  readonly data: EventData;
}

/** What an event adds; newer gateways may add more. */
export interface EventData {
  readonly reason?: Reason | (string & {}) | null;
  readonly [name: string]: unknown;
}

export type MessageEventType = `message.${'accepted' | 'scheduled' | 'expanded' | 'cancelled' | 'completed'}`;
export type BatchEventType =
  `batch.${'dispatched' | 'accepted' | 'refused' | 'deferred' | 'unconfirmed' | 'adopted' | 'resent'}`;
export type RecipientEventType = `recipient.${RecipientStatus | 'opened'}`;
export type OtherEventType = 'provider.unknown_status' | 'route.halted';
export type EndpointEventType = `webhook_endpoint.${'failing' | 'paused' | 'recovered' | 'resumed'}`;
export type EventType = MessageEventType | BatchEventType | RecipientEventType | OtherEventType | EndpointEventType;

export interface MessageEvent extends Base<MessageEventType> {
  readonly messageId: string;
}

export interface BatchEvent extends Base<BatchEventType> {
  readonly messageId: string;
  readonly batchId: string;
}

export interface RecipientEvent extends Base<RecipientEventType> {
  readonly messageId: string;
  readonly batchId?: string;
  readonly position: number;
  readonly address: string;
}

export interface OtherEvent extends Base<OtherEventType | EndpointEventType> {
  readonly messageId?: string;
  readonly batchId?: string;
  readonly position?: number;
  readonly address?: string;
}

/** An entry of the feed, told apart by `type`. Ignore types that you do not know: newer gateways have more. */
export type GatewayEvent = MessageEvent | BatchEvent | RecipientEvent | OtherEvent;
