import { Injectable } from '@nestjs/common';
import { GatewayProblem, type AdministeredProvider, type ProviderStatistic } from '@gateway/core';
import { type StatisticCounts, StatisticRepository } from '@gateway/database';
import { administer } from './administer.js';

export interface ComparedStatistic {
  readonly key: string;
  readonly provider: string;
  /** Of all clients: an account does not know them apart. */
  readonly counts: StatisticCounts;
  readonly theirs: Pick<ProviderStatistic, 'requested' | 'sent' | 'delivered' | 'opened'>;
}

export interface StatisticComparison {
  readonly rows: readonly ComparedStatistic[];
  readonly problems: readonly { readonly provider: string; readonly problem: GatewayProblem }[];
}

const WITHIN_MS = 30_000;
const NOTHING = { requested: 0, sent: 0, delivered: 0, opened: 0 };
const NOTHING_OURS: StatisticCounts = { ...NOTHING, submitted: 0, bounced: 0, failed: 0, suppressed: 0 };

interface Span {
  readonly from: Date;
  readonly to: Date;
  readonly groupBy: 'date' | 'hour' | 'weekday' | 'provider';
}

/** The figures of the accounts beside ours. */
@Injectable()
export class CompareStatisticsService {
  constructor(private readonly statistics: StatisticRepository) {}

  async execute(span: Span, providers: readonly AdministeredProvider[]): Promise<StatisticComparison> {
    const rows: ComparedStatistic[] = [];
    const problems: StatisticComparison['problems'][number][] = [];
    for (const provider of providers) {
      try {
        rows.push(...(await this.compare(span, provider)));
      } catch (error) {
        if (!(error instanceof GatewayProblem)) throw error;
        problems.push({ provider: provider.name, problem: error });
      }
    }
    const order = ({ key }: ComparedStatistic): string => key;
    return { rows: rows.sort((a, b) => order(a).localeCompare(order(b))), problems };
  }

  private async compare(span: Span, { name, statistics }: AdministeredProvider): Promise<ComparedStatistic[]> {
    if (statistics === undefined) return [];
    const { groupBy, ...time } = span;
    const asked = { ...time, groupBy: groupBy === 'provider' ? ('date' as const) : groupBy };
    const told = await administer({ account: name, withinMs: WITHIN_MS }, (signal) => statistics.count(asked, signal));
    const theirs = groupBy === 'provider' ? [total(name, told)] : told;
    const ours = await this.statistics.find({ ...span, timeZone: 'Asia/Seoul', provider: name, limit: 1000 });
    const keys = new Set([...theirs.map(({ key }) => key), ...ours.flatMap(({ key }) => key ?? [])]);
    return [...keys].map((key) => ({
      key,
      provider: name,
      counts: ours.find((row) => row.key === key)?.counts ?? NOTHING_OURS,
      theirs: theirs.find((row) => row.key === key) ?? NOTHING,
    }));
  }
}

const total = (key: string, rows: readonly ProviderStatistic[]): ProviderStatistic => {
  const sumOf = (name: 'sent' | 'delivered' | 'opened'): number | null =>
    rows.reduce<number | null>((sum, row) => (sum === null || row[name] === null ? null : sum + row[name]), 0);
  const requested = rows.reduce((sum, row) => sum + row.requested, 0);
  return { key, requested, sent: sumOf('sent'), delivered: sumOf('delivered'), opened: sumOf('opened') };
};
