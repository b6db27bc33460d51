import type { MessageSummary, operations, Page } from '@gateway/client';
import { queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

export type Row = MessageSummary;

export type MessageFilter = NonNullable<operations['listMessages']['parameters']['query']>;

const PAGE = 50;
/** Milliseconds, for the time without an event stream. */
const EVERY_MS = 10_000;

/** One page. `line` is its name in the cache: a relative time in it must not make a new entry each time. */
export const messagesQuery = (line: string, filter: MessageFilter, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['messages', line, cursor ?? ''],
    queryFn: async ({ signal }): Promise<Page<Row>> =>
      gateway.messages.list({ ...filter, limit: PAGE, ...(cursor !== undefined && { cursor }) }, { signal }),
    refetchInterval: EVERY_MS,
  });
