import type { Workload } from '@gateway/client';
import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../shared/states';
import { exactTime, useZone } from '../../shared/time';

const MINUTES = 60;
const MINUTE_MS = 60_000;

interface Minute {
  readonly at: string;
  readonly accepted: number;
  readonly refused: number;
  readonly doubt: number;
}

/** Every minute of the last hour, also those in which nothing was sent. */
function minutesOf(found: Workload['minutes'], readAt: string): readonly Minute[] {
  const last = Math.floor(Date.parse(readAt) / MINUTE_MS);
  const byMinute = new Map(found.map((minute) => [Math.floor(Date.parse(minute.at) / MINUTE_MS), minute.accounts]));
  return Array.from({ length: MINUTES }, (_, index) => {
    const minute = last - MINUTES + 1 + index;
    const all = Object.values(byMinute.get(minute) ?? {});
    const sum = (...outcomes: readonly string[]): number =>
      all.reduce((total, counts) => total + outcomes.reduce((n, outcome) => n + (counts[outcome] ?? 0), 0), 0);
    return {
      at: new Date(minute * MINUTE_MS).toISOString(),
      accepted: sum('accepted', 'adopted'),
      refused: sum('refused'),
      doubt: sum('unconfirmed', 'absent', 'open'),
    };
  });
}

/** Requests of the last hour by outcome. The sentence says in words what the bars show. */
export default function HourChart(props: {
  readonly minutes: Workload['minutes'];
  readonly readAt: string;
}): ReactNode {
  const { t } = useTranslation();
  const zone = useZone();
  const minutes = minutesOf(props.minutes, props.readAt);
  const total = (name: 'accepted' | 'refused' | 'doubt'): string =>
    minutes.reduce((sum, minute) => sum + minute[name], 0).toLocaleString();
  const summary = t('now.hourSummary', {
    accepted: total('accepted'),
    refused: total('refused'),
    doubt: total('doubt'),
  });
  if (props.minutes.length === 0) return <Empty>{t('now.hourEmpty')}</Empty>;
  return (
    <figure style={{ margin: 0 }} className="padded stack">
      <figcaption className="dim">
        {t('now.hourText')}. {summary}
      </figcaption>
      <div aria-hidden="true">
        <BarChart
          h={160}
          data={minutes.map(({ at, ...counts }) => ({ ...counts, at: exactTime(at, zone).slice(11, 16) }))}
          dataKey="at"
          type="stacked"
          withLegend
          gridAxis="x"
          tickLine="none"
          barChartProps={{ accessibilityLayer: false, barCategoryGap: 1 }}
          barProps={{ isAnimationActive: false }}
          xAxisProps={{ interval: 9 }}
          yAxisProps={{ allowDecimals: false, width: 36 }}
          series={[
            { name: 'accepted', label: t('shared.status.accepted'), color: 'var(--good)' },
            { name: 'refused', label: t('shared.status.refused'), color: 'var(--bad)' },
            { name: 'doubt', label: t('shared.status.unconfirmed'), color: 'var(--doubt)' },
          ]}
        />
      </div>
    </figure>
  );
}
