import { decodeId, idPrefixes, type IdKind } from '@gateway/core';
import * as sql from './audit.sql.js';

/**
 * What the audit log keeps of a row before and after a change. Never texts of mails, secrets, or names of persons, which
 * an erasure would have to find here.
 */
interface Subject {
  readonly find: string;
  readonly columns: readonly string[];
}

const subject = (table: string, ...columns: string[]): Subject => ({ find: sql.findSubject(table), columns });

const subjects: Partial<Record<IdKind, Subject>> = {
  apiKey: subject(
    'api_key',
    'name',
    'scopes',
    'expires_at',
    'allowed_ips',
    'allowed_from',
    'allowed_accounts',
    'needs_release',
    'requests_per_second',
    'recipients_per_second',
    'revoked_at',
  ),
  template: subject('template', 'name', 'description', 'category_id', 'enabled', 'version', 'deleted_at'),
  templateCategory: subject('template_category', 'name', 'description', 'parent_id'),
  contact: subject('contact', 'external_id', 'created_at'),
  group: subject('contact_group', 'name', 'description', 'member_count'),
  webhookEndpoint: subject(
    'webhook_endpoint',
    'url',
    'events',
    'description',
    'filter',
    'batch_max_events',
    'batch_max_wait_ms',
    'ordered',
    'max_in_flight',
    'max_per_second',
    'signing',
    'paused_at',
  ),
  message: subject('message', 'status', 'counts'),
  attachment: subject('attachment', 'name', 'size', 'deleted_at'),
};

const account: Subject = {
  find: sql.FIND_ACCOUNT,
  columns: ['paused_at', 'pause_reason', 'draining', 'drained_at'],
};

/** How a row is found that an act changes. */
export interface Snapshot extends Subject {
  readonly key: string;
}

/** By a public id, or the name of an account. @returns nothing for what has no row that is kept. */
export function snapshotOf(action: string, target: string | undefined): Snapshot | undefined {
  if (target === undefined) return undefined;
  if (action.startsWith('provider.')) return { ...account, key: target };
  for (const kind of Object.keys(subjects) as IdKind[]) {
    const uuid = target.startsWith(`${idPrefixes[kind]}_`) ? decodeId(kind, target) : undefined;
    const found = subjects[kind];
    if (uuid !== undefined && found !== undefined) return { ...found, key: uuid };
  }
  return undefined;
}

export type Row = Readonly<Record<string, unknown>>;

/** The members that differ, before and after; everything for a row that was made or deleted. */
export function differenceOf(columns: readonly string[], before: Row | undefined, after: Row | undefined) {
  const changed = columns.filter((column) => JSON.stringify(before?.[column]) !== JSON.stringify(after?.[column]));
  return { before: before && pick(before, changed), after: after && pick(after, changed) };
}

/** Members without value are left out. */
const pick = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(
    columns.flatMap((column) =>
      row[column] === null || row[column] === undefined ? [] : [[camelCase(column), row[column]]],
    ),
  );

const camelCase = (column: string): string => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
