import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../../shared/data-table';
import type { DryRun } from './queries';

/** What the routes would change, by the last messages. */
export function DryRunResult({ run }: { readonly run: DryRun }): ReactNode {
  const { t } = useTranslation();
  const columns: readonly Column<DryRun['examples'][number]>[] = [
    {
      key: 'message',
      title: t('routes.message'),
      cell: ({ messageId }) => (
        <Link to="/messages/$id" params={{ id: messageId }} className="mono">
          …{messageId.slice(-8)}
        </Link>
      ),
    },
    { key: 'from', title: t('routes.from'), cell: ({ from }) => from },
    {
      key: 'to',
      title: t('routes.to'),
      cell: ({ to }) => to ?? <span className="tone-bad">{t('routes.refused')}</span>,
    },
    { key: 'route', title: t('routes.name'), cell: ({ route }) => route ?? 'PROVIDER_ORDER' },
    { key: 'reason', title: t('routes.reason'), wide: true, cell: ({ reason }) => reason },
  ];
  const shares = Object.entries(run.byAccount).map(([account, n]) => `${account} ${n.toLocaleString()}`);
  return (
    <div className="stack" role="status">
      <p>
        <strong>
          {t('routes.result', { changed: run.changed.toLocaleString(), n: run.messages.toLocaleString() })}
        </strong>{' '}
        {shares.join(', ')}
      </p>
      {run.examples.length > 0 && (
        <DataTable
          label={t('routes.examples')}
          columns={columns}
          rows={run.examples}
          rowKey={({ messageId }) => messageId}
          empty={null}
        />
      )}
    </div>
  );
}
