import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

export const KEY = 'keys';

export const keysQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: [KEY, cursor],
    queryFn: async ({ signal }) => await gateway.apiKeys.list(cursor === undefined ? {} : { cursor }, { signal }),
    placeholderData: keepPreviousData,
  });
