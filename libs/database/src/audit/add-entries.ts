import { maskAddresses, newUuid } from '@gateway/platform';
import type { Queryable } from '../queryable.js';
import type { Act, Actor, AuditRecord } from './act.js';
import * as sql from './audit.sql.js';
import { differenceOf, snapshotOf, type Row, type Snapshot } from './subjects.js';

export interface NewEntry extends Omit<AuditRecord, 'process'> {
  readonly process: string;
  /** Absent: the process itself. */
  readonly actor?: Actor | undefined;
  readonly requestId?: string | undefined;
}

/** Longest text of an entry's member: the log is about acts, and not a copy of what they carry. */
const LONGEST_JSON = 20_000;

/** Adds entries, whatever else the transaction has done. */
export async function addEntries(tx: Queryable, entries: readonly NewEntry[]): Promise<void> {
  await add(tx, entries, false);
}

/** @returns whether they were added. */
async function add(tx: Queryable, entries: readonly NewEntry[], onlyIfChanged: boolean): Promise<boolean> {
  const column = (of: (entry: NewEntry) => unknown) => entries.map((entry) => of(entry) ?? null);
  const { rowCount } = await tx.query(sql.ADD, [
    entries.map(() => newUuid()),
    column(({ actor }) => actor?.keyId),
    column(({ actor }) => actor?.clientId),
    column(({ actor }) => actor?.client),
    column(({ process }) => process),
    column(({ action }) => action),
    column(({ target }) => target && maskAddresses(target)),
    column(({ before }) => masked(before)),
    column(({ after }) => masked(after)),
    column(({ requestId }) => requestId),
    onlyIfChanged,
  ]);
  return rowCount !== 0;
}

/** The entry of a request whose code records none: written where its transaction has changed something. */
export class PendingEntry {
  private before: Row | undefined;
  private isAdded = false;

  constructor(
    private readonly act: Act,
    private readonly process: string,
  ) {}

  /** As the first thing of the transaction. */
  async begin(tx: Queryable): Promise<void> {
    const snapshot = snapshotOf(this.act.action, this.act.target);
    this.before = snapshot && (await read(tx, snapshot));
  }

  /** As the last thing of the transaction. */
  async write(tx: Queryable): Promise<void> {
    const { act, process } = this;
    if (act.state !== 'pending') return;
    const snapshot = snapshotOf(act.action, act.target);
    const rows = snapshot && differenceOf(snapshot.columns, this.before, await read(tx, snapshot));
    const entry = { ...act, before: act.before ?? rows?.before, after: act.after ?? rows?.after, process };
    this.isAdded = await add(tx, [entry], true);
  }

  /** A transaction that was rolled back, and one that has changed nothing, leave the entry to the next. */
  committed(): void {
    if (this.isAdded && this.act.state === 'pending') this.act.state = 'written';
  }
}

const read = async (tx: Queryable, { find, key }: Snapshot): Promise<Row | undefined> =>
  (await tx.query<{ row: Row }>(find, [key])).rows[0]?.row;

/** Addresses and the query of a URL, which may hold a token, are hidden. */
function masked(value: object | undefined): string | undefined {
  if (value === undefined || Object.keys(value).length === 0) return undefined;
  const text = maskAddresses(JSON.stringify(value)).replaceAll(/(https?:\/\/[^\s"?#]*)[?#][^\s"]*/g, '$1?***');
  return text.length > LONGEST_JSON ? JSON.stringify({ truncated: true }) : text;
}
