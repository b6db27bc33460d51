import { Injectable } from '@nestjs/common';
import type { Category } from '@gateway/core';
import { Database } from '../database.js';

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

/** How a group is told, as SQL; $3 is the time zone. */
const KEYS: Readonly<Record<StatisticGroup, string>> = {
  date: `to_char(hour AT TIME ZONE $3, 'YYYY-MM-DD')`,
  hour: `to_char(hour AT TIME ZONE $3, 'HH24')`,
  weekday: `to_char(hour AT TIME ZONE $3, 'ID')`,
  provider: 'provider',
  template: 'template',
  category: 'category::text',
  tag: 'tag',
  domain: 'domain',
};
/** Times in their own order, everything else by its size. */
const IN_TIME: ReadonlySet<StatisticGroup> = new Set(['date', 'hour', 'weekday']);
const DELTAS_AT_ONCE = 20_000;

/** Figures of what was sent, as they are kept: rolled up by the hour, and what is not rolled up yet. */
@Injectable()
export class StatisticRepository {
  constructor(private readonly database: Database) {}

  /** Reads rows of hours, never recipients. */
  async find(query: StatisticQuery): Promise<StatisticRow[]> {
    const byDomain = query.groupBy === 'domain' || query.domain !== undefined;
    const columns = `hour, client_id, provider, category, template, tags, domain, ${statisticCounts.join(', ')}`;
    const { rows } = await this.database.pool.query<{ key: string | null } & Record<string, string>>(
      `WITH kept AS (
         SELECT ${columns} FROM statistic
         WHERE hour >= $1 AND hour < $2 AND domain IS ${byDomain ? 'NOT' : ''} NULL
         UNION ALL SELECT ${columns} FROM statistic_waiting() WHERE hour >= $1 AND hour < $2
       )
       SELECT ${KEYS[query.groupBy]} AS key, ${statisticCounts.map((name) => `sum(${name}) AS ${name}`).join(', ')}
       FROM kept ${query.groupBy === 'tag' ? 'LEFT JOIN LATERAL unnest(tags) AS tag ON true' : ''}
       WHERE $3::text IS NOT NULL AND ($4::uuid IS NULL OR client_id = $4) AND ($5::text IS NULL OR provider = $5)
         AND ($6::category IS NULL OR category = $6) AND ($7::text IS NULL OR template = $7)
         AND ($8::text IS NULL OR $8 = ANY (tags)) AND ($9::text IS NULL OR domain = $9)
       GROUP BY 1 ORDER BY ${IN_TIME.has(query.groupBy) ? '1' : 'requested DESC, 1'} LIMIT $10`,
      [
        ...[query.from, query.to, query.timeZone, query.clientId, query.provider],
        ...[query.category, query.template, query.tag, query.domain, query.limit],
      ],
    );
    return rows.map(({ key, ...sums }) => ({ key, counts: numbersOf(sums) }));
  }

  /** Rolls up what has been added since. */
  async rollUp(): Promise<void> {
    for (;;) {
      const { rows } = await this.database.pool.query<{ rolled: number }>('SELECT roll_up_statistics($1) AS rolled', [
        DELTAS_AT_ONCE,
      ]);
      if ((rows[0]?.rolled ?? 0) < DELTAS_AT_ONCE) return;
    }
  }
}

const numbersOf = (sums: Readonly<Record<string, string>>): StatisticCounts =>
  Object.fromEntries(statisticCounts.map((name) => [name, Number(sums[name])])) as unknown as StatisticCounts;
