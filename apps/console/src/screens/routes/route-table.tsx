import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../../shared/data-table';
import { Empty } from '../../shared/states';
import { Shape } from '../../shared/status';
import type { Route } from './queries';
import classes from './routes.module.css';

interface Props {
  readonly routes: readonly Route[];
  readonly onShadow: (route: Route) => void;
}

export function RouteTable({ routes, onShadow }: Props): ReactNode {
  const { t } = useTranslation();
  const columns: readonly Column<Route>[] = [
    { key: 'name', title: t('routes.name'), cell: ({ name }) => <strong>{name}</strong> },
    { key: 'match', title: t('routes.match'), cell: ({ match }) => <Match match={match} /> },
    { key: 'use', title: t('routes.use'), cell: ({ use }) => <Shares use={use} /> },
    { key: 'sticky', title: t('routes.sticky'), cell: ({ sticky }) => t(`routes.stickies.${sticky}`) },
    { key: 'fallback', title: t('routes.fallback'), cell: ({ fallback }) => t(`routes.fallbacks.${fallback}`) },
    {
      key: 'halt',
      title: t('routes.haltIf'),
      cell: ({ haltIf }) =>
        haltIf === undefined
          ? '–'
          : t('routes.haltOf', { percent: Number((haltIf.failureRate * 100).toFixed(1)), over: haltIf.over }),
    },
    {
      key: 'shadow',
      title: t('routes.shadow'),
      cell: (route) =>
        route.shadow === undefined ? (
          '–'
        ) : (
          <Button size="compact-xs" variant="default" onClick={() => onShadow(route)}>
            {t('routes.shadowShow', { account: route.shadow })}
          </Button>
        ),
    },
  ];
  return (
    <>
      <DataTable
        label={t('routes.title')}
        columns={columns}
        rows={routes}
        rowKey={({ id }) => id}
        empty={<Empty>{t('routes.empty')}</Empty>}
      />
      <p className="padded dim">{t('routes.last')}</p>
    </>
  );
}

function Match({ match }: { readonly match: Route['match'] }): ReactNode {
  const { t } = useTranslation();
  const parts = Object.entries(match).filter(([, values]) => Array.isArray(values) && values.length > 0);
  if (parts.length === 0) return <span className="dim">{t('routes.every')}</span>;
  return (
    <span className="stack" style={{ gap: 2 }}>
      {parts.map(([part, values]) => (
        <span key={part}>
          <span className="dim">{t(`routes.matches.${part as keyof Route['match']}`)}</span> {values.join(', ')}
        </span>
      ))}
    </span>
  );
}

/** Each account with its part of the messages. An account that was halted stands out. */
function Shares({ use }: { readonly use: Route['use'] }): ReactNode {
  const { t } = useTranslation();
  const total = use.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <span className="stack" style={{ gap: 2 }}>
      {use.map(({ account, weight }) => {
        const percent = total === 0 ? 0 : (weight / total) * 100;
        return (
          <span key={account} className={classes.share}>
            <span className={classes.gauge} aria-hidden="true">
              <span style={{ width: `${percent}%` }} />
            </span>
            <span className="number">{Number(percent.toFixed(1))}%</span> {account}
            {weight === 0 && (
              <span className="row tone-aside" style={{ gap: 4 }}>
                <Shape tone="aside" />
                {t('routes.off')}
              </span>
            )}
          </span>
        );
      })}
    </span>
  );
}
