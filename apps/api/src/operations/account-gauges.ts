import type { ProviderAccountState } from '@gateway/database';
import type { Metrics } from '@gateway/platform';

interface AccountGauge {
  /** After `gateway_account_`. */
  readonly name: string;
  readonly help: string;
  /** `undefined`: there is nothing to tell yet. */
  readonly read: (state: ProviderAccountState) => number | undefined;
}

/** The gauges of every account, one line each. */
const told: readonly AccountGauge[] = [
  {
    name: 'paused',
    help: '1 while nothing is posted through the account',
    read: ({ pausedAt }) => (pausedAt === null ? 0 : 1),
  },
  {
    name: 'drained',
    help: '1 while the account takes nothing new, by the decision of an operator',
    read: ({ drainedAt }) => (drainedAt === null ? 0 : 1),
  },
  {
    name: 'breaker_open',
    help: '1 while the circuit breaker keeps batches from the account',
    read: ({ openForMs }) => (openForMs !== null && openForMs > 0 ? 1 : 0),
  },
  {
    name: 'failures_in_a_row',
    help: 'Failures since the last success that were no verdict on a mail',
    read: ({ failures }) => failures,
  },
  {
    name: 'last_success_timestamp_seconds',
    help: 'When the account last took a request',
    read: ({ lastSuccess }) => seconds(lastSuccess),
  },
  {
    name: 'last_failure_timestamp_seconds',
    help: 'When a request last failed or stayed without an answer',
    read: ({ lastFailure }) => seconds(lastFailure),
  },
  {
    name: 'recipients_this_month',
    help: 'Recipients that the account has taken in the period of its quota; without a quota, this month (Asia/Seoul)',
    read: ({ usedInPeriod }) => usedInPeriod,
  },
];

const seconds = (time: Date | null): number | undefined => (time === null ? undefined : time.getTime() / 1000);

export const accountGauges = (metrics: Metrics): readonly ((state: ProviderAccountState) => void)[] =>
  told.map(({ name, help, read }) => {
    const gauge = metrics.gauge(`gateway_account_${name}`, help, ['provider']);
    return (state) => {
      const value = read(state);
      if (value !== undefined) gauge.set({ provider: state.name }, value);
    };
  });
