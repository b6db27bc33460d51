import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

export const KEY = 'audience';

export type ContactFilter = NonNullable<Parameters<typeof gateway.contacts.list>[0]>;

export const groupsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: [KEY, 'groups', cursor],
    queryFn: async ({ signal }) => await gateway.groups.list(cursor === undefined ? {} : { cursor }, { signal }),
    placeholderData: keepPreviousData,
  });

export const contactsQuery = (filter: ContactFilter) =>
  queryOptions({
    queryKey: [KEY, 'contacts', filter],
    queryFn: async ({ signal }) => await gateway.contacts.list(filter, { signal }),
    placeholderData: keepPreviousData,
  });
