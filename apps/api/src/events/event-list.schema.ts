import { decodeId, encodeId, eventTypesOf, type EventType } from '@gateway/core';
import { z } from 'zod';
import { issue } from '../http/fields/issue.js';
import { queryInteger } from '../http/query/query-integer.js';
import { cursorOf, encodeCursor, pageQuery, queryText, SOME_UUID } from '../http/page.js';

const told = z.int32().min(0);

/** Cursors of before December 2026 named the event by its id, and stay valid. */
const logCursor = z.union([
  z.strictObject({ position: z.int().min(0), told }),
  z.strictObject({ row: z.uuid(), told }),
]);

export type GivenCursor = z.output<typeof logCursor>;

export const eventCursor = cursorOf(logCursor, { position: 1, told: 0 });

/** The timeline of one message. */
export const timelineQuery = z.strictObject({ ...pageQuery, cursor: eventCursor });

const MOST_FILTERS = 50;

const types = queryText(2000)
  .meta({
    description: 'Only these types, separated by commas; `recipient.*` means all that begin so',
    examples: ['message.completed,recipient.*'],
  })
  .transform((text, ctx): ReadonlySet<EventType> => {
    const filters = text.split(',').map((one) => one.trim());
    if (filters.length > MOST_FILTERS) ctx.addIssue(issue('too_many', `at most ${MOST_FILTERS} types`));
    const wanted = new Set<EventType>();
    for (const filter of filters.slice(0, MOST_FILTERS)) {
      const known = eventTypesOf(filter);
      if (known.length === 0) ctx.addIssue(issue('unknown_reference', `"${filter}" is not a type of event`));
      for (const type of known) wanted.add(type);
    }
    return wanted;
  })
  .optional();

const messageId = z
  .string()
  .meta({ description: 'Only events of this message', examples: [encodeId('message', SOME_UUID)] })
  .transform((id, ctx) => {
    const uuid = decodeId('message', id);
    if (uuid !== undefined) return uuid;
    ctx.addIssue(issue('unknown_reference', 'there is no message with this id'));
    return z.NEVER;
  })
  .optional();

export const eventListQuery = z.strictObject({ ...pageQuery, cursor: eventCursor, types, messageId });

export const eventStreamQuery = z.strictObject({
  cursor: eventCursor,
  types,
  messageId,
  timeout: queryInteger(1, 3600)
    .optional()
    .meta({ description: 'Seconds after which the stream ends; it stays open unless given', examples: [5] }),
});

/** The `Last-Event-ID` that a browser sends when it connects again. */
export const lastEventId = z.strictObject({ 'Last-Event-ID': eventCursor });

export const SOME_CURSOR = encodeCursor({ position: 4711, told: 0 });
