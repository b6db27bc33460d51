import { GatewayProblem, type Batch, type Diagnosis, type MessageDetail, type Recipient } from '@gateway/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

const EVENTS = 200;
const BATCHES = 100;
const RECIPIENTS = 50;
const ENDPOINTS = 20;
const DELIVERIES = 20;
/** Milliseconds, for the time without an event stream. */
const EVERY_MS = 10_000;

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: ({ signal }): Promise<MessageDetail> => gateway.messages.get(id, { signal }),
    refetchInterval: EVERY_MS,
  });

export const diagnosisQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id, 'diagnosis'],
    queryFn: ({ signal }) => gateway.messages.diagnosis(id, { signal }),
    refetchInterval: EVERY_MS,
  });

/** Oldest first, and never all at once: a campaign has as many events as recipients. */
export const eventsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['message', id, 'events'],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: EVENTS, ...(pageParam !== '' && { cursor: pageParam }) };
      return gateway.messages.events(id, query, { signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const batchesQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id, 'batches'],
    queryFn: async ({ signal }): Promise<readonly Batch[]> =>
      (await gateway.messages.batches(id, { limit: BATCHES }, { signal })).data,
  });

export interface Push {
  readonly endpoint: string;
  readonly delivery: {
    readonly id: string;
    readonly status: string;
    readonly createdAt: string;
    readonly type: string;
  };
}

/** Pushes about the message. Without webhooks there are none. */
export const pushesQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id, 'pushes'],
    queryFn: async ({ signal }): Promise<readonly Push[]> => {
      const { data } = await gateway.webhookEndpoints.list({ limit: ENDPOINTS }, { signal }).then(
        (page) => page,
        (error: unknown) => {
          if (error instanceof GatewayProblem && error.code === 'webhooks_not_configured') return { data: [] };
          throw error;
        },
      );
      const found = await Promise.all(
        data.map(async (endpoint) => {
          const page = await gateway.webhookEndpoints.deliveries(
            endpoint.id,
            { message: id, limit: DELIVERIES },
            { signal },
          );
          return page.data.map((delivery) => ({ endpoint: endpoint.url, delivery }));
        }),
      );
      return found.flat();
    },
  });

export const recipientsQuery = (
  id: string,
  filter: { readonly address?: string; readonly status?: string },
  cursor: string,
) =>
  queryOptions({
    queryKey: ['message', id, 'recipients', filter, cursor],
    queryFn: async ({ signal }) => {
      const query = { ...filter, limit: RECIPIENTS, ...(cursor !== '' && { cursor }) };
      return gateway.messages.recipients(id, query as Parameters<typeof gateway.messages.recipients>[1], { signal });
    },
  });

export type Cause = Diagnosis['causes'][number];

export type { Diagnosis, MessageDetail, Recipient };
