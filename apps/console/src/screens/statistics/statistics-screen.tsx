import type { Statistics } from '@gateway/client';
import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { now } from '../../gateway/clock';
import { gateway } from '../../gateway/gateway';
import { useMay } from '../../gateway/use-session';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { Filters } from '../../shared/filters';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { exactTime, useZone, type Zone } from '../../shared/time';
import { words } from './words';

type Row = Statistics['data'][number];
type Group = keyof typeof words.ko.groups;

const GROUPS = Object.keys(words.ko.groups) as Group[];
const COUNTS = Object.keys(words.ko.count) as (keyof Row['counts'])[];
const DAY_MS = 86_400_000;
const EVERY_MS = 30_000;

const dayOf = (daysAgo: number, zone: Zone): string => exactTime(now() - daysAgo * DAY_MS, zone).slice(0, 10);

/** Days from, days to, each as days before today. */
const SPANS = [
  ['today', 0, 0],
  ['yesterday', 1, 1],
  ['week', 6, 0],
] as const;

/** What became of the mail of some days, by domain unless asked otherwise. */
export function StatisticsScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const zone = useZone();
  const search = useSearch({ from: '/statistics' });
  const navigate = useNavigate();
  if (!may('statistics')) return <Forbidden scope="statistics" />;
  const { from = dayOf(0, zone), to = dayOf(0, zone) } = search;
  const by = GROUPS.find((group) => group === search.by) ?? 'domain';
  const go = (to: typeof search): void => void navigate({ to: '/statistics', search: to });
  return (
    <div className="stack">
      <h1>{t('statistics.title')}</h1>
      <p className="dim">{t('statistics.text')}</p>
      <div className="row" role="group" aria-label={t('statistics.times')}>
        {SPANS.map(([word, first, last]) => {
          const span = { from: dayOf(first, zone), to: dayOf(last, zone) };
          const on = span.from === from && span.to === to;
          return (
            <Button
              key={word}
              size="compact-xs"
              variant={on ? 'filled' : 'default'}
              aria-pressed={on}
              onClick={() => go(changed(search, span))}
            >
              {t(`statistics.${word}`)}
            </Button>
          );
        })}
      </div>
      <section className="panel">
        <Filters
          values={{ from, to, by }}
          apply={go}
          fields={[
            { name: 'from', label: t('statistics.from', { zone }), width: 150 },
            { name: 'to', label: t('statistics.to'), width: 150 },
            {
              name: 'by',
              label: t('statistics.by'),
              options: GROUPS.map((value) => ({ value, label: t(`statistics.groups.${value}`) })),
            },
          ]}
        />
        <Counts from={from} to={to} by={by} />
      </section>
    </div>
  );
}

function Counts({ from, to, by }: { readonly from: string; readonly to: string; readonly by: Group }): ReactNode {
  const { t } = useTranslation();
  const zone = useZone();
  const query = useQuery({
    queryKey: ['statistics', from, to, by, zone],
    queryFn: ({ signal }) => gateway.statistics.get({ from, to, groupBy: by, timeZone: zone }, { signal }),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  const columns: Column<Row>[] = [
    { key: 'key', title: t(`statistics.groups.${by}`), rest: true, cell: ({ key }) => key ?? t('statistics.without') },
    ...COUNTS.map((name) => ({
      key: name,
      title: t(`statistics.count.${name}`),
      numeric: true,
      cell: ({ counts }: Row) => counts[name].toLocaleString(),
    })),
    {
      key: 'rate',
      title: t('statistics.bounceRate'),
      numeric: true,
      cell: ({ rates }) => (rates.bounced === null ? '–' : `${(rates.bounced * 100).toFixed(1)}%`),
    },
  ];
  return (
    <Loaded query={query} rows={6}>
      {({ data }) => (
        <DataTable
          label={t('statistics.title')}
          columns={columns}
          rows={data}
          rowKey={({ key }) => key ?? ''}
          empty={<Empty>{t('statistics.empty')}</Empty>}
        />
      )}
    </Loaded>
  );
}
