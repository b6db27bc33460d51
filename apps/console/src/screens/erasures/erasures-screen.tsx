import type { Erasure } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { Pager } from '../../shared/pager';
import { paging } from '../../shared/paging';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { Status } from '../../shared/status';
import { Time } from '../../shared/time';
import { erasuresQuery } from './queries';
import { RequestErasure } from './request-erasure';

/** Erasures and their receipts, newest first. */
export function ErasuresScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const search = useSearch({ from: '/erasures' });
  const navigate = useNavigate();
  const [asks, setAsks] = useState(false);
  const list = useQuery({ ...erasuresQuery(search.cursor), enabled: may('admin') });
  const columns = useColumns();
  if (!may('admin')) return <Forbidden scope="admin" />;
  const open = (id: string): void => void navigate({ to: '/erasures/$id', params: { id } });
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('erasures.title')}</h1>
        <Button color="red.8" onClick={() => setAsks(true)}>
          {t('erasures.request')}
        </Button>
      </div>
      <p className="dim">{t('erasures.text')}</p>
      <section className="panel">
        <Loaded query={list}>
          {({ data, nextCursor }) => (
            <>
              <DataTable
                label={t('erasures.title')}
                columns={columns}
                rows={data}
                rowKey={({ id }) => id}
                onOpen={({ id }) => open(id)}
                empty={<Empty>{t('erasures.empty')}</Empty>}
              />
              <Pager
                {...paging(
                  search.cursor,
                  nextCursor,
                  (cursor) => void navigate({ to: '/erasures', search: changed(search, { cursor }) }),
                )}
              />
            </>
          )}
        </Loaded>
      </section>
      {asks && <RequestErasure onRequested={open} onClose={() => setAsks(false)} />}
    </div>
  );
}

function useColumns(): readonly Column<Erasure>[] {
  const { t } = useTranslation();
  return [
    { key: 'status', title: t('erasures.status'), cell: ({ status }) => <Status status={status} /> },
    { key: 'requested', title: t('erasures.requestedAt'), cell: ({ requestedAt }) => <Time at={requestedAt} /> },
    { key: 'completed', title: t('erasures.completedAt'), cell: ({ completedAt }) => <Time at={completedAt} /> },
    {
      key: 'addresses',
      title: t('erasures.addressCount'),
      numeric: true,
      cell: ({ addressCount }) => addressCount.toLocaleString(),
    },
    { key: 'pending', title: t('erasures.pending'), numeric: true, cell: ({ pending }) => pending.toLocaleString() },
    { key: 'reason', title: t('erasures.reason'), wide: true, cell: ({ reason }) => reason },
  ];
}
