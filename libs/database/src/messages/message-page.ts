import type { Category, MessageStatus } from '@gateway/core';

export interface MessageFilter {
  readonly status?: MessageStatus | undefined;
  readonly category?: Category | undefined;
  readonly provider?: string | undefined;
  readonly tag?: string | undefined;
  readonly templateId?: string | undefined;
  readonly from?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** A condition on message `m`; `?` stands for its value. */
type Condition = readonly [sql: string, value: unknown];

/** The values that a text in a query may mean: itself, and the number or boolean that is written so. */
const scalarsOf = (text: string): (string | number | boolean)[] => {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return /^-?\d+(\.\d+)?$/.test(text) ? [text, Number(text)] : [text];
};

const EQUALITIES: readonly (readonly [field: keyof MessageFilter, sql: string])[] = [
  ['status', 'm.status = ?'],
  ['category', 'm.category = ?'],
  ['provider', 'm.provider = ?'],
  // The indexes are of messages that have any.
  ['tag', `m.tags <> '{}' AND m.tags @> ARRAY[?::text]`],
  ['templateId', 'm.template_id = ?'],
  ['from', 'lower(m.from_address) = lower(?)'],
  ['createdAfter', 'm.created_at > ?'],
  ['createdBefore', 'm.created_at < ?'],
];

function* conditionsOf(clientId: string, filter: MessageFilter, before: string | undefined): Generator<Condition> {
  yield ['m.client_id = ?', clientId];
  if (before !== undefined) yield ['m.id < ?', before];
  for (const [field, sql] of EQUALITIES) if (filter[field] !== undefined) yield [sql, filter[field]];
  for (const [key, value] of Object.entries(filter.metadata ?? {})) {
    const wanted = scalarsOf(value).map((scalar) => JSON.stringify({ [key]: scalar }));
    yield [`m.metadata <> '{}' AND m.metadata @> ANY (?::jsonb[])`, wanted];
  }
}

/** Which messages a page shows, as SQL with numbered parameters. @param before an id: only older ones. */
export function messagePage(
  clientId: string,
  filter: MessageFilter,
  before: string | undefined,
): { readonly where: string; readonly values: readonly unknown[]; readonly filtered: boolean } {
  const conditions = [...conditionsOf(clientId, filter, before)];
  return {
    where: conditions.map(([sql], i) => sql.replace('?', `$${i + 1}`)).join(' AND '),
    values: conditions.map(([, value]) => value),
    filtered: conditions.length > (before === undefined ? 1 : 2),
  };
}
