import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

/** Milliseconds. Lag and health move without an event of this client. */
const EVERY_MS = 5000;

export const KEY = 'webhooks';

export const endpointsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: [KEY, 'list', cursor],
    queryFn: async ({ signal }) =>
      await gateway.webhookEndpoints.list({ limit: 25, ...(cursor && { cursor }) }, { signal }),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

/** With its health, which the list does not have. */
export const endpointQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, 'endpoint', id],
    queryFn: ({ signal }) => gateway.webhookEndpoints.get(id, { signal }),
    refetchInterval: EVERY_MS,
  });

export type DeliveryFilter = NonNullable<Parameters<typeof gateway.webhookEndpoints.deliveries>[1]>;

export const deliveriesQuery = (id: string, filter: DeliveryFilter) =>
  queryOptions({
    queryKey: [KEY, 'deliveries', id, filter],
    queryFn: async ({ signal }) => await gateway.webhookEndpoints.deliveries(id, filter, { signal }),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

export const deliveryQuery = (id: string, deliveryId: string) =>
  queryOptions({
    queryKey: [KEY, 'delivery', id, deliveryId],
    queryFn: ({ signal }) => gateway.webhookEndpoints.delivery(id, deliveryId, { signal }),
    refetchInterval: EVERY_MS,
  });
