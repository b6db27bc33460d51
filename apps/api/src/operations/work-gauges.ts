import { categories } from '@gateway/core';
import type { BatchGroup, Lag, Workload } from '@gateway/database';
import type { Metrics } from '@gateway/platform';

type Show = (work: Workload) => void;

/** Gauges of batches, of what is late and of recent attempts. An account without any has zeros. */
export const workGauges = (metrics: Metrics, providers: readonly string[]): readonly Show[] => [
  batchCounts(metrics),
  oldestDue(metrics, providers),
  endedLeases(metrics, providers),
  ...lags(metrics, providers),
  recentAttempts(metrics),
];

function batchCounts(metrics: Metrics): Show {
  const all = metrics.gauge('gateway_batches', 'Batches that are not at their end', ['provider', 'category', 'status']);
  const deferred = metrics.gauge('gateway_deferred_batches', 'Deferred batches, by reason', ['provider', 'reason']);
  return ({ batches }) => {
    all.reset();
    deferred.reset();
    for (const { provider, category, status, reason, count } of batches) {
      all.inc({ provider, category, status }, count);
      if (status === 'deferred') deferred.inc({ provider, reason: reason ?? 'unknown' }, count);
    }
  };
}

function oldestDue(metrics: Metrics, providers: readonly string[]): Show {
  const gauge = metrics.gauge('gateway_oldest_due_seconds', 'Age of the oldest batch that is due and not sent', [
    'provider',
    'category',
  ]);
  return ({ batches }) => {
    gauge.reset();
    const waiting = batches.filter(({ status }) => status !== 'unconfirmed');
    for (const provider of new Set([...providers, ...waiting.map((group) => group.provider)])) {
      for (const category of categories) gauge.set({ provider, category }, longestDue(waiting, provider, category));
    }
  };
}

const longestDue = (groups: readonly BatchGroup[], provider: string, category: string): number =>
  groups
    .filter((group) => group.provider === provider && group.category === category)
    .reduce((longest, { dueSeconds }) => Math.max(longest, dueSeconds), 0);

function endedLeases(metrics: Metrics, providers: readonly string[]): Show {
  const gauge = metrics.gauge(
    'gateway_ended_leases',
    'Batches whose lease has ended and that no worker has taken over yet',
    ['provider'],
  );
  return ({ batches }) => {
    gauge.reset();
    for (const provider of providers) gauge.set({ provider }, 0);
    for (const { provider, leasesEnded } of batches) gauge.inc({ provider }, leasesEnded);
  };
}

function lags(metrics: Metrics, providers: readonly string[]): readonly Show[] {
  const lag = (name: string, help: string, read: (work: Workload) => readonly Lag[]): Show => {
    const gauge = metrics.gauge(name, help, ['provider']);
    return (work) => {
      gauge.reset();
      for (const provider of providers) gauge.set({ provider }, 0);
      for (const { provider, seconds } of read(work)) gauge.set({ provider }, seconds);
    };
  };
  const audience = metrics.gauge('gateway_audience_lag_seconds', 'How late the most overdue message to an audience is');
  return [
    lag(
      'gateway_unconfirmed_oldest_seconds',
      'Age of the oldest unconfirmed request',
      ({ unconfirmed }) => unconfirmed,
    ),
    lag('gateway_poll_lag_seconds', 'How late the most overdue status poll is', ({ polls }) => polls),
    ({ audienceSeconds }) => audience.set(audienceSeconds),
  ];
}

function recentAttempts(metrics: Metrics): Show {
  const gauge = metrics.gauge(
    'gateway_recent_attempts',
    'Posts that began in the last 5 minutes, by outcome; open: none yet',
    ['provider', 'outcome'],
  );
  return ({ attempts }) => {
    gauge.reset();
    for (const { provider, outcome, count } of attempts) gauge.set({ provider, outcome }, count);
  };
}
