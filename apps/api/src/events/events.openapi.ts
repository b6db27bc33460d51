import { z } from 'zod';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import { eventListQuery, eventStreamQuery, SOME_CURSOR } from './event-list.schema.js';
import { eventPage } from './event-schemas.openapi.js';

export const events: z.input<typeof eventPage> = {
  data: [
    {
      id: EXAMPLE_IDS.event,
      at: '2026-11-20T09:00:00.412Z',
      type: 'message.accepted',
      messageId: EXAMPLE_IDS.message,
      data: { provider: 'ncp', recipientCount: 2, batchCount: 1 },
    },
    {
      id: `${EXAMPLE_IDS.event}_0`,
      at: '2026-11-20T09:00:06.120Z',
      type: 'recipient.delivered',
      messageId: EXAMPLE_IDS.message,
      batchId: EXAMPLE_IDS.batch,
      position: 0,
      address: 'kim@example.com',
      data: {},
    },
  ],
  nextCursor: null,
};

/** As the feed gives it: there is always a place to go on. */
const feed = { ...events, nextCursor: SOME_CURSOR };

export const listEvents: OperationDoc = {
  id: 'listEvents',
  summary: 'Feed of all events',
  description:
    'Oldest first, in the order in which they were committed: an event never appears behind a cursor that was handed ' +
    'out. Store `nextCursor` and use it in the next request. It is present even without new events, so a reader never ' +
    'misses or repeats an event; an empty page is the end for now.',
  query: eventListQuery,
  answers: [{ status: 200, description: 'Events, oldest first', content: json(eventPage, feed) }],
};

const [first] = events.data;

export const streamEvents: OperationDoc = {
  id: 'streamEvents',
  summary: 'Live stream of all events',
  description:
    'The feed as Server-Sent Events: `id` is the cursor after the event, `event` its type, `data` the event as the feed ' +
    'gives it. `Last-Event-ID` or `cursor` resumes, without either it begins now. A quiet stream sends `: ping` every 15 s. ' +
    'A reader that takes nothing for 20 s is disconnected; connect again to resume. `timeout` ends the stream, for a look ' +
    'from a browser or a script.',
  query: eventStreamQuery,
  filledQuery: ['timeout'],
  answers: [
    {
      status: 200,
      description: 'Events as they happen',
      content: {
        mediaType: 'text/event-stream',
        schema: z.string(),
        example: `id: ${SOME_CURSOR}\nevent: message.accepted\ndata: ${JSON.stringify(first)}\n\n`,
      },
    },
  ],
  problems: ['overloaded', 'rate_limited'],
};
