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
const EXAMPLE = 'preview@example.com';

/** The request that an account would get for a mail by this template. */
export const vendorFormQuery = (
  template: { readonly id: string; readonly hasSender: boolean },
  account: string,
  variables: Variables,
) =>
  queryOptions({
    queryKey: [KEY, 'vendor', template.id, account, variables],
    queryFn: ({ signal }) =>
      gateway.messages.preview(
        {
          template: { id: template.id },
          to: EXAMPLE,
          provider: account,
          variables,
          ...(!template.hasSender && { from: 'no-reply@example.com' }),
        },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
