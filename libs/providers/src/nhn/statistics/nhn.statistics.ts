import type { ProviderStatistic, ProviderStatisticGroup, ProviderStatistics } from '@gateway/core';
import type { NhnApi } from '../nhn.api.js';
import { isFrom, type NhnVersion } from '../nhn.config.js';
import { manage } from '../nhn.manage.js';
import { countStats, isRecent } from './nhn.stats.js';
import { writeTime } from '../nhn.time.js';
import { statisticsSchema } from '../nhn.wire.js';

const SEARCH_TYPES: Readonly<Record<ProviderStatisticGroup, string>> = { date: 'DATE', hour: 'TIME', weekday: 'DAY' };
const WEEKDAYS = [
  ['mon', '월'] as const,
  ['tue', '화'],
  ['wed', '수'],
  ['thu', '목'],
  ['fri', '금'],
  ['sat', '토'],
  ['sun', '일'],
];

/** statistics/view (nhn.md §5.9), which the vendor calls old; from v2.1 on stats (nhn21.md §7), as far back as that goes. */
export const createNhnStatistics = (api: NhnApi, version: NhnVersion): ProviderStatistics => ({
  count: async ({ from, to, groupBy }, signal) => {
    if (isFrom(version, 'v2.1') && isRecent({ from, to }, api.clock.now())) {
      return countStats(api, { from, to, groupBy }, signal);
    }
    const minute = (time: Date): string => writeTime(time).slice(0, 16);
    const query = new URLSearchParams({ from: minute(from), to: minute(to), searchType: SEARCH_TYPES[groupBy] });
    const call = `statistics/view?${query.toString()}`;
    const answer = await manage(api, { method: 'GET', call }, statisticsSchema, signal);
    return (answer?.data ?? []).map(
      ({ divisionName, requestedCount, sentCount, receivedCount, openedCount }): ProviderStatistic => ({
        key: keyOf(groupBy, divisionName),
        requested: requestedCount,
        sent: sentCount,
        delivered: receivedCount,
        opened: openedCount,
      }),
    );
  },
});

/** 2026-11, §5.9: only `Tue` is documented; of dates and hours the digits are read. */
function keyOf(groupBy: ProviderStatisticGroup, name: string): string {
  if (groupBy === 'hour') return (/\d+/.exec(name)?.[0] ?? name).slice(-2).padStart(2, '0');
  if (groupBy === 'date') return name.replace(/^(\d{4})\D?(\d\d)\D?(\d\d).*$/, '$1-$2-$3');
  const day = WEEKDAYS.findIndex(
    ([english, korean]) => name.toLowerCase().startsWith(english) || name.startsWith(korean),
  );
  return day < 0 ? name : String(day + 1);
}
