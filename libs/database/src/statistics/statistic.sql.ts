/** The key of a group; $3 is the time zone. */
const KEYS = {
  date: `to_char(hour AT TIME ZONE $3, 'YYYY-MM-DD')`,
  hour: `to_char(hour AT TIME ZONE $3, 'HH24')`,
  weekday: `to_char(hour AT TIME ZONE $3, 'ID')`,
  provider: 'provider',
  template: 'template',
  category: 'category::text',
  tag: 'tag',
  domain: 'domain',
} as const;

type Group = keyof typeof KEYS;

/** Times in their own order, everything else by its size. */
const IN_TIME: ReadonlySet<Group> = new Set(['date', 'hour', 'weekday']);

/** Adds up the figures of a group: the hours that are rolled up, and what is waiting to be. */
export function find(groupBy: Group, byDomain: boolean, counts: readonly string[]): string {
  const columns = `hour, client_id, provider, category, template, tags, domain, ${counts.join(', ')}`;
  return `
    WITH kept AS (
      SELECT ${columns} FROM statistic
      WHERE hour >= $1 AND hour < $2 AND domain IS ${byDomain ? 'NOT' : ''} NULL
      UNION ALL SELECT ${columns} FROM statistic_waiting() WHERE hour >= $1 AND hour < $2
    )
    SELECT ${KEYS[groupBy]} AS key, ${counts.map((name) => `sum(${name}) AS ${name}`).join(', ')}
    FROM kept ${groupBy === 'tag' ? 'LEFT JOIN LATERAL unnest(tags) AS tag ON true' : ''}
    WHERE $3::text IS NOT NULL AND ($4::uuid IS NULL OR client_id = $4) AND ($5::text IS NULL OR provider = $5)
      AND ($6::category IS NULL OR category = $6) AND ($7::text IS NULL OR template = $7)
      AND ($8::text IS NULL OR $8 = ANY (tags)) AND ($9::text IS NULL OR domain = $9)
    GROUP BY 1 ORDER BY ${IN_TIME.has(groupBy) ? '1' : 'requested DESC, 1'} LIMIT $10`;
}

/** Rolls up at most $1 changes that wait to be added to the figures. */
export const ROLL_UP = 'SELECT roll_up_statistics($1) AS rolled';
