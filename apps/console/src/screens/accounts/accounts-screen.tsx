import type { ProviderAccount } from '@gateway/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { DataTable, type Column } from '../../shared/data-table';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { Status } from '../../shared/status';
import { Ago } from '../../shared/time';
import { QuotaOf } from './account-facts';
import { accountsQuery } from './queries';
import { HealthStatus } from './health-status';

/** Configured accounts at vendors: how they are, and what they can do. */
export function AccountsScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const accounts = useQuery({ ...accountsQuery, enabled: may('providers') });
  const columns = useColumns();
  if (!may('providers')) return <Forbidden scope="providers" />;
  return (
    <div className="stack">
      <h1>{t('accounts.title')}</h1>
      <p className="dim">{t('accounts.text')}</p>
      <section className="panel">
        <Loaded query={accounts}>
          {(rows) => (
            <DataTable
              label={t('accounts.title')}
              columns={columns}
              rows={rows}
              rowKey={({ name }) => name}
              onOpen={({ name }) => void navigate({ to: '/accounts/$name', params: { name } })}
              empty={<Empty>{t('accounts.empty')}</Empty>}
            />
          )}
        </Loaded>
      </section>
    </div>
  );
}

function useColumns(): readonly Column<ProviderAccount>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      title: t('accounts.account'),
      cell: ({ name, sandbox }) => (
        <span className="row">
          <strong>{name}</strong>
          {sandbox && <span className="tag">{t('accounts.sandbox')}</span>}
        </span>
      ),
    },
    { key: 'kind', title: t('accounts.kind'), cell: ({ kind, version }) => `${kind} ${version}` },
    { key: 'health', title: t('accounts.state'), cell: ({ health }) => <HealthStatus health={health} /> },
    { key: 'breaker', title: t('accounts.breaker'), cell: ({ health }) => <Status status={health.breaker.state} /> },
    { key: 'quota', title: t('accounts.quota'), cell: ({ quota }) => <QuotaOf quota={quota} /> },
    { key: 'success', title: t('accounts.lastSuccess'), cell: ({ health }) => <Ago at={health.lastSuccessAt} /> },
    { key: 'failure', title: t('accounts.lastFailure'), wide: true, cell: ({ health }) => health.lastFailure ?? '–' },
  ];
}
