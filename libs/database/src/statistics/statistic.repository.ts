import { Injectable } from '@nestjs/common';
import type { Category } from '@gateway/core';
import { Database } from '../database.js';
import * as sql from './statistic.sql.js';

export const statisticGroups = [
  ...(['date', 'hour', 'weekday', 'provider', 'template', 'category', 'tag', 'domain'] as const),
];
export type StatisticGroup = (typeof statisticGroups)[number];

export const statisticCounts = [
  ...(['requested', 'submitted', 'sent', 'delivered', 'opened', 'bounced', 'failed', 'suppressed'] as const),
];
export type StatisticCounts = Readonly<Record<(typeof statisticCounts)[number], number>>;

export interface StatisticQuery {
  /** Absent: of all clients. */
  readonly clientId?: string;
  /** From this hour on, until the hour `to` begins. */
  readonly from: Date;
  readonly to: Date;
  readonly groupBy: StatisticGroup;
  /** Of dates, hours and weekdays. */
  readonly timeZone: string;
  readonly provider?: string | undefined;
  readonly category?: Category | undefined;
  readonly template?: string | undefined;
  readonly tag?: string | undefined;
  readonly domain?: string | undefined;
  readonly limit: number;
}

export interface StatisticRow {
  /** Absent: messages without template or tag. */
  readonly key: string | null;
  readonly counts: StatisticCounts;
}

const DELTAS_AT_ONCE = 20_000;

/** Figures of what was sent, as they are kept: rolled up by the hour, and what is not rolled up yet. */
@Injectable()
export class StatisticRepository {
  constructor(private readonly database: Database) {}

  /** Reads rows of hours, never recipients. */
  async find(query: StatisticQuery): Promise<StatisticRow[]> {
    const byDomain = query.groupBy === 'domain' || query.domain !== undefined;
    const { rows } = await this.database.pool.query<{ key: string | null } & Record<string, string>>(
      sql.find(query.groupBy, byDomain, statisticCounts),
      [
        query.from,
        query.to,
        query.timeZone,
        query.clientId,
        query.provider,
        query.category,
        query.template,
        query.tag,
        query.domain,
        query.limit,
      ],
    );
    return rows.map(({ key, ...sums }) => ({ key, counts: numbersOf(sums) }));
  }

  /** Rolls up what has been added since. */
  async rollUp(): Promise<void> {
    for (;;) {
      const { rows } = await this.database.pool.query<{ rolled: number }>(sql.ROLL_UP, [DELTAS_AT_ONCE]);
      if ((rows[0]?.rolled ?? 0) < DELTAS_AT_ONCE) return;
    }
  }
}

const numbersOf = (sums: Readonly<Record<string, string>>): StatisticCounts =>
  Object.fromEntries(statisticCounts.map((name) => [name, Number(sums[name])])) as unknown as StatisticCounts;
