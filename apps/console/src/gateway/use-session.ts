import { queryOptions, useQuery, useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { onSessionEnd } from './gateway';
import { lookAt, may, readSession, signOut, type Scope, type Session } from './session';

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: readSession, staleTime: Infinity });

/** Everything that the session has read. */
const read = { predicate: ({ queryKey }: Query) => queryKey[0] !== sessionQuery.queryKey[0] };

/** The sign-in is shown, and who signs in next finds nothing of the session before. */
function end(queries: QueryClient): void {
  queries.setQueryData(sessionQuery.queryKey, null);
  queries.removeQueries(read);
}

/** Who is signed in. @returns undefined while it is not known, null when no one is. */
export function useSession(): Session | null | undefined {
  const queries = useQueryClient();
  useEffect(() => onSessionEnd(() => end(queries)), [queries]);
  return useQuery(sessionQuery).data;
}

/** Whether the session's key has a scope; what it may not do is not shown. */
export function useMay(): (scope: Scope) => boolean {
  const { data } = useQuery(sessionQuery);
  return (scope) => Boolean(data && may(data, scope));
}

export function useSignOut(): () => void {
  const queries = useQueryClient();
  return () => void signOut().then(() => end(queries));
}

/** Looks at another client: what was read before is read again. */
export function useLookAt(): (client: string) => void {
  const queries = useQueryClient();
  return (client) => {
    void lookAt(client).then((session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
      void queries.resetQueries(read);
    });
  };
}
