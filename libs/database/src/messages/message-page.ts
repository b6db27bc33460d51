import type { Category, MessageStatus } from '@gateway/core';
import { likeText } from '../like-text.js';
import * as sql from './message-search.sql.js';

export interface MessageFilter {
  readonly status?: MessageStatus | undefined;
  readonly category?: Category | undefined;
  readonly provider?: string | undefined;
  readonly tag?: string | undefined;
  readonly templateId?: string | undefined;
  readonly from?: string | undefined;
  /** Address of a recipient. */
  readonly to?: string | undefined;
  /** A part of the subject. */
  readonly subject?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** A condition on message `m`; `?` stands for its value, if it has one. */
type Condition = readonly [sql: string, value?: unknown];

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
  for (const [field, condition] of EQUALITIES) if (filter[field] !== undefined) yield [condition, filter[field]];
  if (filter.status === 'held') yield [sql.ARE_HELD];
  for (const [key, value] of Object.entries(filter.metadata ?? {})) {
    const wanted = scalarsOf(value).map((scalar) => JSON.stringify({ [key]: scalar }));
    yield [`m.metadata <> '{}' AND m.metadata @> ANY (?::jsonb[])`, wanted];
  }
}

/**
 * Messages that one page of a search looks at. No index finds a part of a subject, and an address may have had any number
 * of mails, so a page looks at the newest of them and its cursor leads on from there.
 */
export const SEARCHED = 10_000;

/** A page that is found by looking: `$1` is the client, and the limit comes last. @param before an id: only older ones. */
export function messageSearch(
  clientId: string,
  filter: MessageFilter,
  before: string | undefined,
): { readonly text: string; readonly values: readonly unknown[] } {
  const { where, values } = messagePage(clientId, filter, before);
  const more: unknown[] = [...values];
  const parameter = (value: unknown): string => `$${more.push(value)}`;
  const fits = filter.subject === undefined ? '' : sql.hasInSubject(parameter(`%${likeText(filter.subject)}%`));
  const looked =
    filter.to === undefined
      ? sql.lookAtMessages(where)
      : sql.lookAtAddress(parameter(filter.to), before === undefined ? undefined : '$2');
  return { text: sql.searchMessages({ looked, where, fits, most: SEARCHED }), values: more };
}

/** Which messages a page shows, as SQL with numbered parameters. @param before an id: only older ones. */
export function messagePage(
  clientId: string,
  filter: MessageFilter,
  before: string | undefined,
): { readonly where: string; readonly values: readonly unknown[]; readonly filtered: boolean } {
  const conditions = [...conditionsOf(clientId, filter, before)];
  const values: unknown[] = [];
  const where = conditions.map((condition) => {
    const [text, ...given] = condition;
    return given.length === 0 ? text : text.replace('?', `$${values.push(given[0])}`);
  });
  return {
    where: where.join(' AND '),
    values,
    filtered: conditions.length > (before === undefined ? 1 : 2),
  };
}
