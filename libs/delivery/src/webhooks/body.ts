import { createHash } from 'node:crypto';
import { decodeId, encodeId } from '@gateway/core';
import type { LogCursor, LogEvent } from '../events/event-log.js';

/** One request to an endpoint, without its signature. */
export interface Parcel {
  /** `evt_…`; of several events `whs_…`, the same whenever the same range is sent. */
  readonly webhookId: string;
  readonly type: string;
  readonly body: string;
  readonly eventIds: readonly string[];
  /** UUIDs. */
  readonly messageIds: readonly string[];
}

export const BATCH_TYPE = 'events.batch';

/** As `GET /v1/events` lists it. */
const present = (event: LogEvent) => ({ ...event, at: event.at.toISOString() });

const contents = (event: LogEvent) => ({ type: event.type, timestamp: event.at.toISOString(), data: present(event) });

export function singleParcel(event: LogEvent): Parcel {
  return { webhookId: event.id, type: event.type, body: JSON.stringify(contents(event)), ...idsOf([event]) };
}

/** @param webhookId see `sliceId` */
export function batchParcel(webhookId: string, events: readonly LogEvent[]): Parcel {
  const data = { events: events.map(present) };
  return {
    webhookId,
    type: BATCH_TYPE,
    body: JSON.stringify({ type: BATCH_TYPE, timestamp: events.at(-1)?.at.toISOString(), data }),
    ...idsOf(events),
  };
}

/** The id of the events between two places in the log, for one endpoint. */
export const sliceId = (endpointId: string, from: LogCursor, to: LogCursor): string =>
  idFrom(`${endpointId} ${from.position}.${from.told} ${to.position}.${to.told}`);

/** Ids of the two halves of a slice. */
export const halfIds = (webhookId: string): readonly [string, string] => [
  idFrom(`${webhookId} first`),
  idFrom(`${webhookId} second`),
];

/** A UUID of version 8, whose bits are the program's own. */
function idFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return encodeId('webhookSlice', uuid);
}

function idsOf(events: readonly LogEvent[]): Pick<Parcel, 'eventIds' | 'messageIds'> {
  const messages = events.flatMap(({ messageId }) => (messageId === undefined ? [] : [messageId]));
  return {
    eventIds: events.map(({ id }) => id),
    messageIds: [...new Set(messages)].flatMap((id) => decodeId('message', id) ?? []),
  };
}
