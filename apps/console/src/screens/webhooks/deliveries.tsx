import type { WebhookDeliverySummary } from '@gateway/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { Filters } from '../../shared/filters';
import { instantOf } from '../../shared/instant';
import { Pager } from '../../shared/pager';
import { paging } from '../../shared/paging';
import { Empty, Loaded } from '../../shared/states';
import { Status } from '../../shared/status';
import { Ago, Time, useZone } from '../../shared/time';
import { deliveriesQuery, type DeliveryFilter } from './queries';

const STATUSES = ['pending', 'delivered', 'failing', 'failed'] as const;

/** The requests to one endpoint. What succeeded at once is there for a day only. */
export function Deliveries({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const search = useSearch({ from: '/webhooks/$id' });
  const navigate = useNavigate();
  const zone = useZone();
  const { status, from, to, ...texts } = search;
  const known = STATUSES.find((each) => each === status);
  const filter: DeliveryFilter = {
    ...texts,
    ...(known && { status: known }),
    ...(from && { from: instantOf(from, zone) }),
    ...(to && { to: instantOf(to, zone) }),
  };
  const list = useQuery(deliveriesQuery(id, filter));
  const columns = useColumns();
  const go = (next: typeof search): void => void navigate({ to: '/webhooks/$id', params: { id }, search: next });
  return (
    <section className="panel">
      <h2>{t('webhooks.deliveries')}</h2>
      <Filters
        values={search}
        apply={go}
        fields={[
          {
            name: 'status',
            label: t('webhooks.state'),
            width: 120,
            options: STATUSES.map((value) => ({ value, label: t(`shared.status.${value}`) })),
          },
          { name: 'event', label: t('webhooks.event'), placeholder: 'evt_…' },
          { name: 'message', label: t('webhooks.message'), placeholder: 'msg_…' },
          { name: 'from', label: t('webhooks.from', { zone }), placeholder: '2026-11-30 14:00' },
          { name: 'to', label: t('webhooks.to'), placeholder: '2026-11-30 15:00' },
        ]}
      />
      <Loaded query={list}>
        {({ data, nextCursor }) => (
          <>
            <DataTable
              label={t('webhooks.deliveries')}
              columns={columns}
              rows={data}
              rowKey={(delivery) => delivery.id}
              onOpen={(delivery) =>
                void navigate({
                  to: '/webhooks/$id/$deliveryId',
                  params: { id, deliveryId: delivery.id },
                })
              }
              empty={
                <Empty>
                  {Object.keys(search).length > 0 ? t('webhooks.deliveriesNoMatch') : t('webhooks.deliveriesEmpty')}
                </Empty>
              }
            />
            <Pager {...paging(search.cursor, nextCursor, (cursor) => go(changed(search, { cursor })))} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function useColumns(): readonly Column<WebhookDeliverySummary>[] {
  const { t } = useTranslation();
  return [
    { key: 'created', title: t('webhooks.begun'), cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      key: 'status',
      title: t('webhooks.state'),
      cell: ({ status, replay }) => (
        <span className="row" style={{ gap: 6 }}>
          <Status status={status} />
          {replay && <span className="tag">{t('webhooks.replayed')}</span>}
        </span>
      ),
    },
    { key: 'type', title: t('webhooks.type'), cell: ({ type }) => <code>{type}</code> },
    { key: 'events', title: t('webhooks.eventCount'), numeric: true, cell: ({ events }) => events.length },
    { key: 'attempts', title: t('webhooks.attempts'), numeric: true, cell: ({ attempts }) => attempts.length },
    {
      key: 'last',
      title: t('webhooks.lastAnswer'),
      wide: true,
      cell: ({ attempts }) => {
        const last = attempts.at(-1);
        if (last === undefined) return '–';
        const { httpStatus, error, durationMs } = last;
        const words = error === null ? '' : ` ${error.code}: ${error.detail}`;
        return `${httpStatus === null ? '' : `HTTP ${httpStatus}, `}${durationMs.toLocaleString()} ms${words}`;
      },
    },
    {
      key: 'next',
      title: t('webhooks.nextAttempt'),
      cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? '–' : <Ago at={nextAttemptAt} />),
    },
  ];
}
