import type { NewMessage } from '@gateway/client';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

export type TemplateFilter = NonNullable<Parameters<typeof gateway.templates.list>[0]>;

export const KEY = 'templates';

export const templatesQuery = (filter: TemplateFilter) =>
  queryOptions({
    queryKey: [KEY, 'list', filter],
    queryFn: async ({ signal }) => await gateway.templates.list(filter, { signal }),
    placeholderData: keepPreviousData,
  });

export const templateQuery = (id: string) =>
  queryOptions({ queryKey: [KEY, 'one', id], queryFn: ({ signal }) => gateway.templates.get(id, {}, { signal }) });

type Variables = Readonly<Record<string, string>>;

export const renderedQuery = (id: string, variables: Variables) =>
  queryOptions({
    queryKey: [KEY, 'rendered', id, variables],
    queryFn: ({ signal }) => gateway.templates.preview(id, { variables }, { signal }),
    placeholderData: keepPreviousData,
  });

/** The recipient of an example that is never sent. */
export const EXAMPLE = 'preview@example.com';

/** A mail as an account would get it; nothing is stored or sent. */
export const mailPreviewQuery = (mail: NewMessage, account: string) =>
  queryOptions({
    queryKey: [KEY, 'mail', account, mail],
    queryFn: ({ signal }) => gateway.messages.preview({ ...mail, provider: account }, { signal }),
    placeholderData: keepPreviousData,
  });
