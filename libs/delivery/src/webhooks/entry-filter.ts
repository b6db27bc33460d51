import { decodeId, encodeId, eventTypesOf, type EventType } from '@gateway/core';
import { WebhookDeliveryRepository, type MessageFacts, type WebhookFilter } from '@gateway/database';
import { Injectable } from '@nestjs/common';
import type { LogEvent, ToldEvent } from '../events/event-log.js';

/** Which events an endpoint gets. */
export interface Wanted {
  readonly id: string;
  readonly events: readonly string[];
  readonly filter: WebhookFilter;
}

/** The types of events that patterns mean; nothing for all of them. */
export const typesOf = (patterns: readonly string[]): ReadonlySet<EventType> | undefined =>
  patterns.includes('*') ? undefined : new Set(patterns.flatMap(eventTypesOf));

/** Leaves out what an endpoint does not want, besides types, which the log itself leaves out. */
@Injectable()
export class EntryFilter {
  constructor(private readonly deliveries: WebhookDeliveryRepository) {}

  async wanted(endpoint: Wanted, events: readonly ToldEvent[]): Promise<readonly ToldEvent[]> {
    // An endpoint does not get its own troubles.
    const others = events.filter(({ event }) => !isOwn(event, endpoint.id));
    const { filter } = endpoint;
    if (Object.values(filter).every((value) => value === undefined)) return others;
    const facts = await this.deliveries.findFacts(uuidsOf('message', others));
    const accounts =
      filter.providers === undefined
        ? new Map<string, string>()
        : await this.deliveries.findAccounts(uuidsOf('batch', others));
    return others.filter(({ event }) => {
      const message = facts.get(decodeId('message', event.messageId ?? '') ?? '');
      if (message === undefined) return false;
      const account = accounts.get(decodeId('batch', event.batchId ?? '') ?? '') ?? message.provider;
      return fits(filter, message, account);
    });
  }
}

const isOwn = ({ type, data }: LogEvent, endpointId: string): boolean =>
  type.startsWith('webhook_endpoint.') && data['endpointId'] === encodeId('webhookEndpoint', endpointId);

function uuidsOf(kind: 'message' | 'batch', events: readonly ToldEvent[]): string[] {
  const ids = events.map(({ event }) => (kind === 'message' ? event.messageId : event.batchId) ?? '');
  return [...new Set(ids)].flatMap((id) => decodeId(kind, id) ?? []);
}

/** A list matches any of its members; every part of the filter must match. */
function fits(filter: WebhookFilter, message: MessageFacts, account: string): boolean {
  const template = message.templateId === null ? [] : [encodeId('template', message.templateId)];
  return (
    hasAny(filter.categories, [message.category]) &&
    hasAny(filter.tags, message.tags) &&
    hasAny(filter.providers, [account]) &&
    hasAny(filter.templateIds, template) &&
    Object.entries(filter.metadata ?? {}).every(([name, value]) => textOf(message.metadata[name]) === value)
  );
}

const hasAny = (wanted: readonly string[] | undefined, values: readonly string[]): boolean =>
  wanted === undefined || values.some((value) => wanted.includes(value));

/** Filters compare texts, numbers and booleans as JSON writes them. */
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : JSON.stringify(value));
