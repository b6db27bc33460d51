import { queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

/** A longer queue is "100+". */
const HELD = 100;
const HELD_EVERY_MS = 15_000;

/** Milliseconds. Slower than the server reads again, and fast enough without the event stream. */
const EVERY_MS = 5000;

export const workloadQuery = queryOptions({
  queryKey: ['workload'],
  queryFn: ({ signal }) => gateway.providers.workload({ signal }),
  refetchInterval: EVERY_MS,
});

/** The number of messages that wait for their release. @returns null for none */
export const heldQuery = queryOptions({
  queryKey: ['messages', 'held'],
  queryFn: async ({ signal }): Promise<string | null> => {
    const { data, nextCursor } = await gateway.messages.list({ status: 'held', limit: HELD }, { signal });
    if (nextCursor !== null) return `${HELD}+`;
    return data.length === 0 ? null : data.length.toLocaleString();
  },
  refetchInterval: HELD_EVERY_MS,
});
