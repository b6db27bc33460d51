import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

/** Milliseconds. Erasures have no events. */
const EVERY_MS = 5000;

export const KEY = 'erasures';

export const erasuresQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: [KEY, 'list', cursor],
    queryFn: async ({ signal }) => await gateway.erasures.list({ limit: 50, ...(cursor && { cursor }) }, { signal }),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

export const erasureQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, 'one', id],
    queryFn: ({ signal }) => gateway.erasures.get(id, { signal }),
    refetchInterval: EVERY_MS,
  });
