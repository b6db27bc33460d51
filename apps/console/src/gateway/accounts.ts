import { queryOptions } from '@tanstack/react-query';
import { gateway } from './gateway';

/** Milliseconds, for the time without an event stream. */
const EVERY_MS = 5000;

/** The accounts with their health; several screens name them. */
export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: async ({ signal }) => (await gateway.providers.list({ signal })).data,
  refetchInterval: EVERY_MS,
});
