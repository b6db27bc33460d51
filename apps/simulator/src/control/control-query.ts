import { z } from 'zod';
import type { AcceptedRequest } from '../state/accepted-request.js';

/** Filters that all control lists share. */
export const filterSchema = z.strictObject({
  provider: z.enum(['ncp', 'nhn']).optional(),
  sender: z.string().toLowerCase().optional(),
  marker: z.string().optional(),
  requestId: z.string().optional(),
});

/** The same with paging; a cursor is the position to go on from, opaque to callers. */
export const listSchema = filterSchema.extend({
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  cursor: z
    .string()
    .regex(/^\d{1,9}(-\d{1,9})?$/)
    .optional(),
});

export type ControlFilter = z.infer<typeof filterSchema>;

/** True for requests that the filter lets through; `marker` matches the whole marker or its identity. */
export const passes = (filter: ControlFilter, request: AcceptedRequest): boolean =>
  (filter.provider === undefined || request.provider === filter.provider) &&
  (filter.sender === undefined || request.content.senderAddress.toLowerCase() === filter.sender) &&
  (filter.requestId === undefined || request.requestId === filter.requestId) &&
  (filter.marker === undefined || (request.content.marker ?? '').includes(filter.marker));
