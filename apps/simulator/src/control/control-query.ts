import { z } from 'zod';
import type { AcceptedRequest } from '../state/accepted-request.js';

/** Query parameters of the control endpoints; the kinds of vendors are the names of providers. */
export function controlQueries(kinds: readonly string[]) {
  const provider = z.enum(kinds);
  /** Filters that all control lists share. */
  const filter = z.strictObject({
    provider: provider.optional(),
    sender: z.string().toLowerCase().optional(),
    marker: z.string().optional(),
    requestId: z.string().optional(),
  });
  /** The same with paging; a cursor is the position to go on from, opaque to callers. */
  const list = filter.extend({
    limit: z.coerce.number().int().min(1).max(10_000).default(100),
    cursor: z
      .string()
      .regex(/^\d{1,9}(-\d{1,9})?$/)
      .optional(),
  });
  return { provider, filter, list };
}

export type ControlQueries = ReturnType<typeof controlQueries>;
export type ControlFilter = z.infer<ControlQueries['filter']>;

/** True for requests that the filter lets through; `marker` matches the whole marker or its identity. */
export const passes = (filter: ControlFilter, request: AcceptedRequest): boolean =>
  (filter.provider === undefined || request.provider === filter.provider) &&
  (filter.sender === undefined || request.content.senderAddress.toLowerCase() === filter.sender) &&
  (filter.requestId === undefined || request.requestId === filter.requestId) &&
  (filter.marker === undefined || (request.content.marker ?? '').includes(filter.marker));
