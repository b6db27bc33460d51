import type { GatewayEvent } from '@gateway/client';
import { toneOf, type Tone } from '../../shared/status';

const OF_TYPE: Readonly<Record<string, Tone>> = {
  'message.accepted': 'moving',
  'batch.dispatched': 'moving',
  'batch.resent': 'moving',
  'recipient.opened': 'good',
  'provider.unknown_status': 'doubt',
  'webhook_endpoint.recovered': 'good',
  'webhook_endpoint.resumed': 'good',
};

/** The last word of a type is mostly a status. */
export const toneOfEvent = (type: string): Tone => OF_TYPE[type] ?? toneOf(type.slice(type.indexOf('.') + 1));

const isSimple = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** The data of an event in one line. */
export function summaryOf({ data }: GatewayEvent): string {
  return Object.entries(data)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}: ${isSimple(value) ? String(value) : JSON.stringify(value)}`)
    .join('  ');
}

/** The text is looked for in all of the event, whatever the case of its letters. */
export const matches = (event: GatewayEvent, text: string | undefined): boolean =>
  text === undefined || JSON.stringify(event).toLowerCase().includes(text.toLowerCase());
