import { eventListQuery } from '../../messages/message-list.schema.js';
import { json, type OperationDoc } from '../operation.js';
import { events } from './answer-examples.js';
import { eventPage } from './follow-schemas.js';

export const listEvents: OperationDoc = {
  id: 'listEvents',
  summary: 'Feed of all events',
  description:
    'Oldest first, about a second behind. Keep `nextCursor` and ask with it again: it is there even when nothing new ' +
    'has happened, so that a reader never misses or repeats an event.',
  query: eventListQuery,
  answers: [{ status: 200, description: 'Events, oldest first', content: json(eventPage, events) }],
};
