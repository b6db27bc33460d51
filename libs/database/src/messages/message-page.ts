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
interface Condition {
  readonly sql: string;
  readonly value?: unknown;
  /** No index has it: each message is looked at. */
  readonly checked?: true;
}

/** The values that a text in a query may mean: itself, and the number or boolean that is written so. */
const scalarsOf = (text: string): (string | number | boolean)[] => {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return /^-?\d+(\.\d+)?$/.test(text) ? [text, Number(text)] : [text];
};

/** By an index; those of tags and metadata are of messages that have any. */
const FOUND: readonly (readonly [field: keyof MessageFilter, sql: string])[] = [
  ['tag', `m.tags <> '{}' AND m.tags @> ARRAY[?::text]`],
  ['templateId', 'm.template_id = ?'],
  // Ids are in the order of time, by the clocks of processes. (Not so those of a sandbox's examples, which are older.)
  ['createdBefore', `m.id < uuid7_floor(?::timestamptz + interval '1 day')`],
];

/** An index of any of these would be written with almost every change of a message. */
const CHECKED: readonly (readonly [field: keyof MessageFilter, sql: string])[] = [
  ['status', 'm.status = ?'],
  ['category', 'm.category = ?'],
  ['provider', 'm.provider = ?'],
  ['from', 'lower(m.from_address) = lower(?)'],
  ['createdAfter', 'm.created_at > ?'],
  ['createdBefore', 'm.created_at < ?'],
];

function* conditionsOf(clientId: string, filter: MessageFilter, before: string | undefined): Generator<Condition> {
  yield { sql: 'm.client_id = ?', value: clientId };
  if (before !== undefined) yield { sql: 'm.id < ?', value: before };
  for (const [field, text] of FOUND) if (filter[field] !== undefined) yield { sql: text, value: filter[field] };
  if (filter.status === 'held') yield { sql: sql.ARE_HELD };
  for (const [key, value] of Object.entries(filter.metadata ?? {})) {
    const wanted = scalarsOf(value).map((scalar) => JSON.stringify({ [key]: scalar }));
    yield { sql: `m.metadata <> '{}' AND m.metadata @> ANY (?::jsonb[])`, value: wanted };
  }
  for (const [field, text] of CHECKED) {
    if (filter[field] !== undefined) yield { sql: text, value: filter[field], checked: true };
  }
}

/**
 * Messages that one page of a search looks at. No index finds a part of a subject, and an address may have had any number
 * of mails, so a page looks at the newest of them and its cursor leads on from there.
 */
export const SEARCHED = 10_000;

/** The same where only the message itself is looked at: a status that few have, a sender, an hour without mail. */
export const LOOKED_AT = 50_000;

/** A page that is found by looking: `$1` is the client, and the limit comes last. @param before an id: only older ones. */
export function messageSearch(
  clientId: string,
  filter: MessageFilter,
  before: string | undefined,
): { readonly text: string; readonly values: readonly unknown[] } {
  const { found, where, values } = messagePage(clientId, filter, before);
  const more: unknown[] = [...values];
  const parameter = (value: unknown): string => `$${more.push(value)}`;
  const fits = filter.subject === undefined ? '' : sql.hasInSubject(parameter(`%${likeText(filter.subject)}%`));
  const looked =
    filter.to === undefined
      ? sql.lookAtMessages(found)
      : sql.lookAtAddress(parameter(filter.to), before === undefined ? undefined : '$2');
  return { text: sql.searchMessages({ looked, where, fits, most: SEARCHED }), values: more };
}

/** Which messages a page shows, as SQL with numbered parameters. */
export interface MessagePage {
  /** Those that an index finds, with their values. */
  readonly found: string;
  readonly foundValues: readonly unknown[];
  /** All conditions. */
  readonly where: string;
  readonly values: readonly unknown[];
  /** Are there more conditions than the client and the cursor? */
  readonly filtered: boolean;
}

/** @param before an id: only older ones. */
export function messagePage(clientId: string, filter: MessageFilter, before: string | undefined): MessagePage {
  const conditions = [...conditionsOf(clientId, filter, before)];
  const values: unknown[] = [];
  const texts = conditions.map(({ sql: text, value }) =>
    value === undefined ? text : text.replace('?', `$${values.push(value)}`),
  );
  // They come first.
  const found = conditions.filter(({ checked }) => checked !== true);
  return {
    found: texts.slice(0, found.length).join(' AND '),
    foundValues: values.slice(0, found.filter(({ value }) => value !== undefined).length),
    where: texts.join(' AND '),
    values,
    filtered: conditions.length > (before === undefined ? 1 : 2),
  };
}
