import type { ProviderStatistic, ProviderStatisticGroup } from '@gateway/core';
import type { NhnApi } from '../nhn.api.js';
import { manageMember } from '../nhn.manage.js';
import { statsSchema, statsTotalSchema } from '../nhn.wire.js';

const HOUR_MS = 3_600_000;
/** Korea has no summer time. */
const KST_MS = 9 * HOUR_MS;
/** nhn21.md §7: the last 30 days can be asked for; a minute for the way there. */
const LONGEST_MS = 30 * 24 * HOUR_MS - 60_000;

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** Can the span be asked for? Older figures are in statistics/view only. */
export const isRecent = ({ from }: Span, now: Date): boolean => now.getTime() - from.getTime() <= LONGEST_MS;

/** stats (nhn21.md §7), from v2.1 on: event figures by day or hour, with the groups that the gateway makes of them. */
export async function countStats(
  api: NhnApi,
  { groupBy, ...span }: Span & { readonly groupBy: ProviderStatisticGroup },
  signal: AbortSignal,
): Promise<readonly ProviderStatistic[]> {
  const timeUnit = groupBy === 'hour' ? 'HOURS' : 'DAYS';
  const call = `stats?${queryOf(span, { timeUnit }).toString()}`;
  const series = (await manageMember(api, { method: 'GET', call, member: 'stats' }, statsSchema, signal)) ?? [];
  const byKey = new Map<string, Counts>();
  for (const { eventDateTime, events } of series) {
    const key = keyOf(groupBy, eventDateTime);
    if (key !== undefined) byKey.set(key, added(byKey.get(key) ?? NOTHING, countsOf(events)));
  }
  return [...byKey].sort(([a], [b]) => a.localeCompare(b)).map(([key, counts]) => ({ key, ...counts }));
}

/** stats/total: the same in one sum. */
export async function totalStats(api: NhnApi, span: Span, signal: AbortSignal): Promise<Counts> {
  const call = `stats/total?${queryOf(span).toString()}`;
  return countsOf((await manageMember(api, { method: 'GET', call, member: 'total' }, statsTotalSchema, signal)) ?? {});
}

/** `+` would be read as a blank; URLSearchParams writes `%2B`. */
const queryOf = ({ from, to }: Span, more: Readonly<Record<string, string>> = {}): URLSearchParams =>
  new URLSearchParams({ eventCategory: 'MESSAGE', ...more, from: koreanTime(from), to: koreanTime(to) });

const koreanTime = (date: Date): string => new Date(date.getTime() + KST_MS).toISOString().replace('Z', '+09:00');

type Counts = Omit<ProviderStatistic, 'key' | 'sent' | 'delivered' | 'opened'> & {
  readonly sent: number;
  readonly delivered: number;
  readonly opened: number;
};

const NOTHING: Counts = { requested: 0, sent: 0, delivered: 0, opened: 0 };

const added = (a: Counts, b: Counts): Counts => ({
  requested: a.requested + b.requested,
  sent: a.sent + b.sent,
  delivered: a.delivered + b.delivered,
  opened: a.opened + b.opened,
});

/** 2026-11, §7: whether names have a prefix is unclear. REQUESTED is in the vendor's table and missing from its samples. */
function countsOf(events: Readonly<Record<string, unknown>>): Counts {
  const sumOf = (event: string): number =>
    Object.entries(events).reduce((sum, [name, count]) => {
      const isIt = name.slice(name.lastIndexOf('.') + 1) === event;
      return isIt && typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? sum + count : sum;
    }, 0);
  const [sent, failed] = [sumOf('SENT'), sumOf('SENT_FAILED')];
  return {
    requested: Math.max(sumOf('REQUESTED'), sent + failed),
    sent,
    delivered: sumOf('RECEIVED'),
    opened: sumOf('OPENED'),
  };
}

/** `undefined` when the time cannot be read. */
function keyOf(groupBy: ProviderStatisticGroup, time: string): string | undefined {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return undefined;
  const local = new Date(at + KST_MS);
  if (groupBy === 'weekday') return String(local.getUTCDay() || 7);
  const text = local.toISOString();
  return groupBy === 'hour' ? text.slice(11, 13) : text.slice(0, 10);
}
