import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import { currentAct, type Act, type Actor, type AuditRecord } from './act.js';
import { addEntries, type NewEntry } from './add-entries.js';
import * as sql from './audit.sql.js';

export interface AuditRow {
  readonly id: string;
  readonly position: number;
  readonly at: Date;
  readonly keyId: string | null;
  readonly client: string | null;
  readonly process: string;
  readonly action: string;
  readonly target: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly requestId: string | null;
}

export interface AuditFilter {
  /** Acts of one client's keys only. */
  readonly clientId?: string | undefined;
  readonly keyId?: string | undefined;
  /** Name of a client, or of a process that acted by itself; `gateway`: api or worker. */
  readonly actor?: string | undefined;
  /** An action, or what comes before its dot. */
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly since?: Date | undefined;
}

/** The log of acts. Entries are added, never changed. */
@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  /**
   * Records an act in the transaction that it happens in, as the last thing before its commit. Actor and request are
   * those of the request that is being answered, or the process itself. Replaces the entry that the request would get
   * by itself. Addresses are masked; secrets and texts must not be given.
   * @param by where neither is the actor.
   */
  record(tx: Queryable, entry: AuditRecord, by?: Actor): void {
    recordAct(this.database, tx, entry, by);
  }

  /** Records an act that has no transaction of its own. @param answer to the caller; the entry has the members that the act names. */
  async recordAlone(act: Omit<Act, 'state'>, answer: unknown): Promise<void> {
    const body = answer as Readonly<Record<string, unknown>> | undefined;
    const named = Object.fromEntries((act.members ?? []).map((name) => [name, body?.[name]]));
    const after = { ...act.after, ...named };
    const { process } = this.database;
    await this.database.transaction((tx) => addEntries(tx, [{ ...act, after, process }]));
  }

  /** Records acts without a key that change nothing in the database, in a transaction of their own. */
  async recordUnnamed(entries: readonly AuditRecord[], requestId?: string): Promise<void> {
    const { process } = this.database;
    await this.database.transaction((tx) =>
      addEntries(
        tx,
        entries.map((entry) => ({ ...entry, process, requestId })),
      ),
    );
  }

  /** Newest first. @param horizon entries above it are not shown: others may still be committed below them. */
  async findPage(filter: AuditFilter, page: { horizon: number; before: number | undefined; limit: number }) {
    const values = [...valuesOf(filter), page.horizon, page.before ?? null, page.limit];
    return (await this.database.pool.query<AuditRow>(sql.FIND_PAGE, values)).rows;
  }

  /** Oldest first. */
  async findNext(filter: AuditFilter, page: { horizon: number; after: number; limit: number }): Promise<AuditRow[]> {
    const values = [...valuesOf(filter), page.horizon, page.after, page.limit];
    return (await this.database.pool.query<AuditRow>(sql.FIND_NEXT, values)).rows;
  }

  async findPosition(id: string): Promise<number | undefined> {
    return (await this.database.pool.query<{ position: number }>(sql.FIND_POSITION, [id])).rows[0]?.position;
  }

  /** @returns how many of at most `most` entries were erased; those of the last 30 days stay in any case. */
  async erase(tx: Queryable, before: Date, most: number): Promise<number> {
    return (await tx.query<{ erased: number }>(sql.ERASE, [before, most])).rows[0]?.erased ?? 0;
  }
}

/** The same for repositories. */
export function recordAct(database: Database, tx: Queryable, entry: AuditRecord, by?: Actor): void {
  const act = currentAct();
  if (act !== undefined && act.state === 'pending') act.state = 'recorded';
  const process = entry.process ?? database.process;
  const whole: NewEntry = { ...entry, process, actor: by ?? act?.actor, requestId: act?.requestId };
  if (!database.defer(tx, addEntries, [whole])) throw new Error('an act is recorded in a transaction');
}

const valuesOf = ({ clientId, keyId, actor, action, target, since }: AuditFilter) =>
  [clientId, keyId, actor, action, target, since].map((value) => value ?? null);
