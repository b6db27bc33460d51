import type { WebhookEndpoint } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { Pager } from '../../shared/pager';
import { paging } from '../../shared/paging';
import { ShownOnce } from '../../shared/show/shown-once';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { Status } from '../../shared/status';
import { Ago } from '../../shared/time';
import { CreateEndpoint } from './endpoint-form';
import { Lag } from './endpoint-facts';
import { Types } from './types';
import { endpointQuery, endpointsQuery, KEY } from './queries';

/** Where this client's events are sent, and whether they arrive. */
export function WebhooksScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const search = useSearch({ from: '/webhooks' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [creates, setCreates] = useState(false);
  const [secret, setSecret] = useState<string>();
  const list = useQuery({ ...endpointsQuery(search.cursor), enabled: may('webhooks') });
  const columns = useColumns();
  if (!may('webhooks')) return <Forbidden scope="webhooks" />;
  const end = (): void => {
    setCreates(false);
    void client.invalidateQueries({ queryKey: [KEY] });
  };
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('webhooks.title')}</h1>
        <Button onClick={() => setCreates(true)}>{t('webhooks.create')}</Button>
      </div>
      <section className="panel">
        <Loaded query={list}>
          {({ data, nextCursor }) => (
            <>
              <DataTable
                label={t('webhooks.title')}
                columns={columns}
                rows={data}
                rowKey={({ id }) => id}
                onOpen={({ id }) => void navigate({ to: '/webhooks/$id', params: { id } })}
                empty={<Empty>{t('webhooks.empty')}</Empty>}
              />
              <Pager
                {...paging(
                  search.cursor,
                  nextCursor,
                  (cursor) => void navigate({ to: '/webhooks', search: changed(search, { cursor }) }),
                )}
              />
            </>
          )}
        </Loaded>
      </section>
      {creates && <CreateEndpoint onSecret={setSecret} onClose={end} />}
      {secret !== undefined && (
        <ShownOnce title={t('webhooks.secretTitle')} secret={secret} onClose={() => setSecret(undefined)}>
          <p>{t('webhooks.secretText')}</p>
        </ShownOnce>
      )}
    </div>
  );
}

function useColumns(): readonly Column<WebhookEndpoint>[] {
  const { t } = useTranslation();
  return [
    { key: 'state', title: t('webhooks.state'), cell: ({ id }) => <Health id={id} /> },
    { key: 'url', title: t('webhooks.url'), wide: true, cell: ({ url }) => <code title={url}>{url}</code> },
    { key: 'description', title: t('webhooks.description'), cell: ({ description }) => description ?? '–' },
    {
      key: 'events',
      title: t('webhooks.events'),
      cell: ({ events }) => <Types of={events} />,
    },
    { key: 'lag', title: t('webhooks.lag'), numeric: true, cell: ({ id }) => <LagOf id={id} /> },
    { key: 'last', title: t('webhooks.lastSuccess'), cell: ({ id }) => <LastSuccess id={id} /> },
  ];
}

interface Of {
  readonly id: string;
}

function Health({ id }: Of): ReactNode {
  const { data } = useQuery(endpointQuery(id));
  return data ? <Status status={data.health.state} /> : '…';
}

function LagOf({ id }: Of): ReactNode {
  const { data } = useQuery(endpointQuery(id));
  return data ? <Lag lag={data.health.lag} /> : '…';
}

function LastSuccess({ id }: Of): ReactNode {
  const { data } = useQuery(endpointQuery(id));
  return data ? <Ago at={data.health.lastSuccessAt} /> : '…';
}
