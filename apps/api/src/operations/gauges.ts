import type { Database } from '@gateway/database';
import type { Metrics } from '@gateway/platform';

/** What the database knows of the work that is under way; asked for at each scrape, from small partial indexes. */
export function registerGauges(metrics: Metrics, database: Database): void {
  const batches = metrics.gauge('gateway_batches', 'Batches that are not at their end, by account and status', [
    'provider',
    'status',
  ]);
  const oldest = metrics.gauge('gateway_oldest_due_seconds', 'Age of the oldest batch that is due and not sent', [
    'provider',
  ]);
  const polls = metrics.gauge('gateway_poll_lag_seconds', 'How late the most overdue status poll is', ['provider']);
  metrics.beforeScrape(async () => {
    const work = await database.findWork();
    for (const gauge of [batches, oldest, polls]) gauge.reset();
    for (const { provider, status, count } of work.batches) batches.set({ provider, status }, count);
    for (const { provider, dueSeconds, pollSeconds } of work.lags) {
      oldest.set({ provider }, dueSeconds);
      polls.set({ provider }, pollSeconds);
    }
  });
}
