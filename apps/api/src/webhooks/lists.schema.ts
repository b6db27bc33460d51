import { decodeId, encodeId } from '@gateway/core';
import { z } from 'zod';
import { SOME_UUID, cursorOf, pageQuery, queryInstant, queryText } from '../http/page.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';

export const listEndpoints = z.strictObject({ ...pageQuery, cursor: cursorOf(z.uuid(), SOME_UUID) });

export const deliveryStatuses = ['pending', 'delivered', 'failing', 'failed'] as const;

export const listDeliveries = z.strictObject({
  ...pageQuery,
  cursor: cursorOf(z.uuid(), SOME_UUID),
  status: z
    .enum(deliveryStatuses)
    .optional()
    .meta({ description: 'One status', examples: ['failed'] }),
  event: queryText(60)
    // One recipient's event is a part of the stored one, and has its number behind the id.
    .refine((id) => decodeId('event', id.replace(/_\d+$/, '')) !== undefined, {
      message: 'is not the id of an event',
      params: { code: 'unknown_reference' },
    })
    .optional()
    .meta({ description: 'Requests with this event', examples: [EXAMPLE_IDS.event] }),
  message: z
    .string()
    .refine((id) => decodeId('message', id) !== undefined, {
      message: 'is not the id of a message',
      params: { code: 'unknown_reference' },
    })
    .transform((id) => decodeId('message', id))
    .optional()
    .meta({ description: 'Requests with events of this message', examples: [encodeId('message', SOME_UUID)] }),
  from: queryInstant.optional().meta({ description: 'Begun at or after', examples: ['2026-11-01T00:00:00Z'] }),
  to: queryInstant.optional().meta({ description: 'Begun before', examples: ['2026-12-01T00:00:00Z'] }),
});
