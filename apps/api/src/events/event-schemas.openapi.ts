import { eventMeanings } from '@gateway/core';
import { z } from 'zod';
import { explainedEnum, idOf, instant, pageOf } from '../openapi/common.js';

export const event = z
  .object({
    id: z.string(),
    at: instant,
    type: explainedEnum('EventType', 'What happened.', eventMeanings),
    messageId: idOf('message').optional(),
    batchId: idOf('batch').optional(),
    position: z.int().optional(),
    address: z.string().optional(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });

export const eventPage = pageOf('EventPage', event);
