import { StatisticRepository, type Database } from '@gateway/database';
import { CompareStatisticsService } from '@gateway/delivery';

/** What reading figures needs, for Nest's container. */
export function statisticParts(database: Database): object[] {
  const statistics = new StatisticRepository(database);
  return [statistics, new CompareStatisticsService(statistics)];
}
