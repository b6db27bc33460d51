import { queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

/** Milliseconds. Slower than the server reads anew, and fast enough without the event stream. */
const EVERY_MS = 5000;

export const workloadQuery = queryOptions({
  queryKey: ['workload'],
  queryFn: ({ signal }) => gateway.providers.workload({ signal }),
  refetchInterval: EVERY_MS,
});
