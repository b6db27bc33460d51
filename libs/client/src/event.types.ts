import type { components } from './openapi.js';
import type { Reason } from './types.js';

// The OpenAPI document has one schema for all events. These types separate them by `type`.

interface Base<Type extends string> {
  /** `evt_…`; the same in the feed, in the stream and in webhooks. */
  readonly id: string;
  readonly at: string;
  readonly type: Type;
  readonly data: EventData;
}

/** Details of an event. Newer gateways may add members. */
export interface EventData {
  readonly reason?: Reason | (string & {}) | null;
  readonly [name: string]: unknown;
}

type Documented = components['schemas']['EventType'];

export type MessageEventType = Extract<Documented, `message.${string}`>;
export type BatchEventType = Extract<Documented, `batch.${string}`>;
export type RecipientEventType = Extract<Documented, `recipient.${string}`>;
export type EndpointEventType = Extract<Documented, `webhook_endpoint.${string}`>;
export type OtherEventType = Exclude<Documented, MessageEventType | BatchEventType | RecipientEventType>;
export type EventType = MessageEventType | BatchEventType | RecipientEventType | OtherEventType;

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

export interface OtherEvent extends Base<OtherEventType> {
  readonly messageId?: string;
  readonly batchId?: string;
  readonly position?: number;
  readonly address?: string;
}

/** An entry of the feed. `type` narrows it. Ignore unknown types: newer gateways have more. */
export type GatewayEvent = MessageEvent | BatchEvent | RecipientEvent | OtherEvent;
