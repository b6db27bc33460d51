import type { ProviderAccount } from '@gateway/client';
import { queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

const EVERY_MS = 5000;

/** A gateway that cannot drain yet leaves these out. */
export type Health = ProviderAccount['health'] & {
  readonly drained?: boolean;
  readonly drainedAt?: string | null;
  readonly drainReason?: string | null;
};

/** All of them; a company has a handful. */
export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: async ({ signal }) => (await gateway.providers.list({ signal })).data,
  refetchInterval: EVERY_MS,
});
