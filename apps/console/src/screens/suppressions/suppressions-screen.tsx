import type { Suppression } from '@gateway/client';
import { Button } from '@mantine/core';
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { sealsOf } from '../../gateway/revealed';
import { useMay } from '../../gateway/use-session';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { Filters } from '../../shared/filters';
import { instantOf } from '../../shared/instant';
import { MaskedAddress } from '../../shared/masked-address';
import { Pager } from '../../shared/pager';
import { paging } from '../../shared/paging';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { Ago, Time, useZone } from '../../shared/time';
import { AddSuppressions } from './add-suppressions';
import { RemoveSuppression } from './remove-suppression';
import { SyncSuppressions } from './sync-suppressions';

type Filter = Parameters<typeof gateway.suppressions.list>[0];

const KEY = 'suppressions';

const listQuery = (filter: Filter) =>
  queryOptions({
    queryKey: [KEY, filter],
    queryFn: async ({ signal }) => await gateway.suppressions.list(filter, { signal }),
    placeholderData: keepPreviousData,
  });

type Act = { readonly verb: 'add' | 'sync' } | { readonly verb: 'remove'; readonly entry: Suppression };

/** Addresses that get no mail, why, and since when. */
export function SuppressionsScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const [act, setAct] = useState<Act>();
  if (!may('suppressions')) return <Forbidden scope="suppressions" />;
  const mayWrite = may('suppressions:write');
  const end = (): void => {
    setAct(undefined);
    void client.invalidateQueries({ queryKey: [KEY] });
  };
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('suppressions.title')}</h1>
        {mayWrite && (
          <div className="row">
            <Button variant="default" onClick={() => setAct({ verb: 'sync' })}>
              {t('suppressions.sync')}
            </Button>
            <Button onClick={() => setAct({ verb: 'add' })}>{t('suppressions.add')}</Button>
          </div>
        )}
      </div>
      <p className="dim">{t('suppressions.text')}</p>
      <SuppressionList {...(mayWrite && { remove: (entry) => setAct({ verb: 'remove', entry }) })} />
      {act?.verb === 'add' && <AddSuppressions onClose={end} />}
      {act?.verb === 'sync' && <SyncSuppressions onClose={end} />}
      {act?.verb === 'remove' && <RemoveSuppression entry={act.entry} onClose={end} />}
    </div>
  );
}

function SuppressionList({ remove }: { readonly remove?: (entry: Suppression) => void }): ReactNode {
  const { t } = useTranslation();
  const search = useSearch({ from: '/suppressions' });
  const navigate = useNavigate();
  const zone = useZone();
  const { cursor, since, ...texts } = search;
  const filter = { ...texts, ...(cursor && { cursor }), ...(since && { since: instantOf(since, zone) }) };
  const list = useQuery(listQuery(filter));
  const columns = useColumns(remove);
  const go = (to: typeof search): void => void navigate({ to: '/suppressions', search: to });
  const isFiltered = Object.keys(search).some((name) => name !== 'cursor');
  return (
    <section className="panel">
      <Filters
        values={search}
        apply={go}
        fields={[
          { name: 'address', label: t('suppressions.address'), placeholder: 'kim@example.com', width: 240 },
          { name: 'reason', label: t('suppressions.reason') },
          { name: 'source', label: t('suppressions.source'), placeholder: t('suppressions.sourceHint') },
          { name: 'since', label: t('suppressions.since'), placeholder: '2026-11-30', width: 150 },
        ]}
      />
      <Loaded query={list} rows={8}>
        {({ data, nextCursor }) => (
          <>
            <DataTable
              label={t('suppressions.title')}
              columns={columns}
              rows={data}
              rowKey={(row) => `${row.scope} ${sealsOf([row])[0] ?? row.createdAt}`}
              empty={<Empty>{isFiltered ? t('suppressions.noMatch') : t('suppressions.empty')}</Empty>}
            />
            <Pager byName {...paging(cursor, nextCursor, (to) => go(changed(search, { cursor: to })))} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function useColumns(remove: ((entry: Suppression) => void) | undefined): readonly Column<Suppression>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'address',
      title: t('suppressions.address'),
      cell: (row) => <MaskedAddress address={row.address} of={row} />,
    },
    { key: 'scope', title: t('suppressions.scope'), cell: ({ scope }) => t(`suppressions.scopes.${scope}`) },
    { key: 'reason', title: t('suppressions.reason'), wide: true, cell: ({ reason }) => reason ?? '–' },
    { key: 'source', title: t('suppressions.source'), cell: ({ source }) => source },
    { key: 'created', title: t('suppressions.added'), cell: ({ createdAt }) => <Ago at={createdAt} /> },
    {
      key: 'expires',
      title: t('suppressions.expires'),
      cell: ({ expiresAt }) =>
        expiresAt === null ? <span className="dim">{t('suppressions.never')}</span> : <Time at={expiresAt} />,
    },
    ...(remove
      ? [
          {
            key: 'act',
            title: <span className="visually-hidden">{t('suppressions.act')}</span>,
            cell: (entry: Suppression) =>
              entry.address !== null && (
                <Button size="compact-xs" variant="default" onClick={() => remove(entry)}>
                  {t('suppressions.remove')}
                </Button>
              ),
          },
        ]
      : []),
  ];
}
