import { eventListQuery } from './message-list.schema.js';
import { json, type OperationDoc } from '../../openapi/operation.js';
import { events } from '../answer-examples.openapi.js';
import { eventPage } from '../follow-schemas.openapi.js';

export const listEvents: OperationDoc = {
  id: 'listEvents',
  summary: 'Feed of all events',
  description:
    'Oldest first, about a second behind. Store `nextCursor` and use it in the next request. It is present even ' +
    'without new events, so a reader never misses or repeats an event.',
  query: eventListQuery,
  answers: [{ status: 200, description: 'Events, oldest first', content: json(eventPage, events) }],
};
