import { encodeId } from '@gateway/core';
import type { StatisticCounts, StatisticGroup, StatisticRow } from '@gateway/database';
import type { ComparedStatistic } from '@gateway/delivery';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const TOLD = ['requested', 'sent', 'delivered', 'opened'] as const;

export const presentRow = ({ key, counts }: StatisticRow, groupBy: StatisticGroup) => ({
  key: keyOf(key, groupBy),
  counts,
  rates: ratesOf(counts),
});

export function presentCompared({ provider, theirs, ...row }: ComparedStatistic, groupBy: StatisticGroup) {
  const each = (value: (name: (typeof TOLD)[number]) => number | null) =>
    Object.fromEntries(TOLD.map((name) => [name, value(name)]));
  // Suppressed recipients are never sent to an account.
  const asked = { ...row.counts, requested: row.counts.submitted };
  return {
    ...presentRow(row, groupBy),
    provider,
    providerCounts: each((name) => theirs[name]),
    differences: each((name) => (theirs[name] === null ? null : theirs[name] - asked[name])),
  };
}

function keyOf(key: string | null, groupBy: StatisticGroup): string | null {
  if (key === null) return null;
  if (groupBy === 'weekday') return WEEKDAYS[Number(key) - 1] ?? key;
  return groupBy === 'template' && UUID.test(key) ? encodeId('template', key) : key;
}

function ratesOf(counts: StatisticCounts) {
  const rate = (part: number, whole: number): number | null =>
    whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
  const { requested, submitted, sent, delivered, opened, bounced, failed, suppressed } = counts;
  return {
    submitted: rate(submitted, requested),
    sent: rate(sent, submitted),
    delivered: rate(delivered, submitted),
    opened: rate(opened, delivered),
    bounced: rate(bounced, submitted),
    failed: rate(failed, requested),
    suppressed: rate(suppressed, requested),
  };
}
