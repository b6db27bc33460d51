import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { onSessionEnd } from './gateway';
import { may, readSession, type Scope, type Session } from './session';

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: readSession, staleTime: Infinity });

/** Who is signed in. @returns undefined while it is not known, null when no one is. */
export function useSession(): Session | null | undefined {
  const client = useQueryClient();
  useEffect(() => onSessionEnd(() => client.setQueryData(sessionQuery.queryKey, null)), [client]);
  return useQuery(sessionQuery).data;
}

/** Whether the session's key has a scope; what it may not do is not shown. */
export function useMay(): (scope: Scope) => boolean {
  const { data } = useQuery(sessionQuery);
  return (scope) => Boolean(data && may(data, scope));
}
