import { Injectable } from '@nestjs/common';
import { recordAct } from '../audit/audit.repository.js';
import { Database, type Queryable } from '../database.js';
import * as sql from './provider-account.sql.js';

export type PausedBy = 'operator' | 'gateway';

export interface ProviderAccountState {
  readonly name: string;
  readonly pausedAt: Date | null;
  readonly pausedBy: PausedBy | null;
  readonly pauseReason: string | null;
  /** The key that paused it, and the last one that resumed it. */
  readonly pausedByKey: string | null;
  readonly resumedAt: Date | null;
  readonly resumedByKey: string | null;
  /** Since when it takes nothing new, by the decision of an operator. */
  readonly drainedAt: Date | null;
  readonly drainReason: string | null;
  readonly drainedByKey: string | null;
  /** Since when it is closed: paused, drained, its breaker open, or asked to be left alone. */
  readonly closedAt: Date | null;
  /** When it was opened again, if it was ever closed. */
  readonly openedAt: Date | null;
  /** The next moment that its pace leaves free. */
  readonly paceAt: Date | null;
  /** Milliseconds until then by the database's clock; below 0: since then. */
  readonly paceForMs: number | null;
  /** Failures in a row. */
  readonly failures: number;
  /** The circuit breaker is open while this is set. */
  readonly openUntil: Date | null;
  /** Milliseconds until `openUntil` by the database's clock; 0 or less: a probe may be sent. */
  readonly openForMs: number | null;
  readonly openReason: string | null;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
  readonly failureWords: string | null;
  /** Recipients taken in the running period of the account's quota, by default the month (Asia/Seoul). */
  readonly usedInPeriod: number;
  /** Since when the quota was found used up, and its batches wait untouched. */
  readonly usedUpAt: Date | null;
  /** When a look-up last found that the account does not give markers back; null: it does, or no one knows. */
  readonly markerLostAt: Date | null;
}

/** How a circuit breaker opens. Milliseconds. */
export interface BreakerRule {
  /** Failures in a row that open it. */
  readonly threshold: number;
  /** First open time; it doubles after each failed probe, up to `maxMs`. */
  readonly baseMs: number;
  readonly maxMs: number;
}

export interface PaceTurn {
  readonly costMs: number;
  readonly urgent: boolean;
  readonly withinMs: number;
}

/** Nothing is posted through a closed account (law 12). A probe that succeeds, or an operator, opens it. */
export const isClosed = (state: ProviderAccountState): boolean => isShut(state) || state.openForMs !== null;

/** Paused or drained: it stays closed until an operator or a probe says otherwise. */
export const isShut = ({ pausedAt, drainedAt }: Pick<ProviderAccountState, 'pausedAt' | 'drainedAt'>): boolean =>
  pausedAt !== null || drainedAt !== null;

/** One batch may be tried, to see whether the provider works again. */
export const isProbeDue = ({ pausedAt, pausedBy, drainedAt, openForMs }: ProviderAccountState): boolean =>
  drainedAt === null && (pausedAt === null || pausedBy === 'gateway') && openForMs !== null && openForMs <= 0;

/** State of the accounts that all workers share: pause, breaker, pace, last answer, use of the quota. */
@Injectable()
export class ProviderAccountRepository {
  constructor(private readonly database: Database) {}

  async find(names: readonly string[]): Promise<ProviderAccountState[]> {
    const { rows } = await this.database.pool.query<ProviderAccountState & { usedInPeriod: string }>({
      name: 'find-accounts',
      text: sql.FIND,
      values: [names],
    });
    return rows.map((row) => ({ ...row, usedInPeriod: Number(row.usedInPeriod) }));
  }

  /** Nothing is posted through a paused account; its batches wait, or go elsewhere. */
  async pause(name: string, reason: string, byKey: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { providerAccount } = await this.database.prismaOn(tx);
      const at = await this.database.timeOf(tx);
      await providerAccount.createMany({ data: [{ name }], skipDuplicates: true });
      await providerAccount.updateMany({
        where: { name },
        data: { pausedBy: 'operator', pauseReason: reason, pausedByKey: byKey },
      });
      // It may be paused or closed already; those times stay.
      await providerAccount.updateMany({ where: { name, pausedAt: null }, data: { pausedAt: at } });
      await providerAccount.updateMany({ where: { name, closedAt: null }, data: { closedAt: at } });
    });
  }

  /** Nothing new is posted through it, as if it was paused; what it has taken is followed to its end. */
  async drain(name: string, reason: string, byKey: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { providerAccount } = await this.database.prismaOn(tx);
      const at = await this.database.timeOf(tx);
      await providerAccount.createMany({ data: [{ name }], skipDuplicates: true });
      await providerAccount.updateMany({ where: { name }, data: { drainReason: reason, drainedByKey: byKey } });
      await providerAccount.updateMany({ where: { name, drainedAt: null }, data: { drainedAt: at } });
      await providerAccount.updateMany({ where: { name, closedAt: null }, data: { closedAt: at } });
    });
  }

  /**
   * The provider refuses the account itself: nothing more is tried with it, but one batch every `probeMs`, until that
   * is accepted or an operator resumes it. @returns whether it was not paused before.
   */
  pauseForCredentials(name: string, reason: string, probeMs: number): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const { rows } = await tx.query<{ paused: boolean }>(sql.LOCK, [name]);
      await tx.query(sql.PAUSE_FOR_CREDENTIALS, [name, reason, probeMs]);
      const isNew = rows[0]?.paused !== true;
      if (isNew) this.record(tx, 'pause', name, { reason });
      return isNew;
    });
  }

  /** Makes batches that were put off because of the account due at once. */
  async resume(name: string, byKey: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { providerAccount } = await this.database.prismaOn(tx);
      await this.open(tx, name);
      const resumedAt = await this.database.timeOf(tx);
      await providerAccount.updateMany({ where: { name }, data: { resumedAt, resumedByKey: byKey } });
      await tx.query(sql.RELEASE_WAITING, [name]);
    });
  }

  /**
   * The account answered as it should: its breaker closes, and the gateway's own pause ends. Once a second is enough
   * for a health page, so most calls write nothing.
   * @returns whether it was out of order before.
   */
  async noteSuccess(name: string): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ ill: boolean }>({
      name: 'note-success',
      text: sql.NOTE_SUCCESS,
      values: [name],
    });
    if (rows[0]?.ill !== true) return false;
    await this.database.transaction(async (tx) => {
      const pauseReason = await this.open(tx, name, { unlessPausedBy: 'operator' });
      if (pauseReason !== null) this.record(tx, 'resume', name, { reason: 'the provider accepts requests again' });
      await tx.query(sql.RELEASE_WAITING, [name]);
    });
    return true;
  }

  /** One more failure in a row; enough of them open the breaker. @returns whether it has opened just now. */
  async noteFailure(name: string, words: string, rule: BreakerRule): Promise<boolean> {
    const { rows } = await this.database.pool.query<{ failures: number }>(sql.NOTE_FAILURE, [
      name,
      words,
      rule.threshold,
      rule.baseMs,
      rule.maxMs,
    ]);
    return rows[0]?.failures === rule.threshold;
  }

  /** The provider asked to be left alone for a while. */
  async coolDown(name: string, words: string, ms: number): Promise<void> {
    await this.database.pool.query(sql.COOL_DOWN, [name, words, ms]);
  }

  /** The time of an open breaker has passed: exactly one caller may try, the others wait for `ms` more. */
  async takeProbe(name: string, ms: number): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(sql.TAKE_PROBE, [name, ms]);
    return rowCount === 1;
  }

  /** The account has new credentials: if it was paused because of its old ones, they are tried at once. */
  async probeCredentials(name: string): Promise<void> {
    await this.database.pool.query(sql.PROBE_CREDENTIALS, [name]);
  }

  /**
   * Takes a turn of the account's pace. Nothing is written to the batch: a worker that is lost loses its turn.
   * @param turn.costMs the time that it takes of the pace. @param turn.urgent takes its time too, but does not wait for it.
   * @param turn.withinMs a turn that is later is not taken.
   * @returns milliseconds until the turn; `undefined` if there is none so soon.
   */
  async takePace(name: string, { costMs, urgent, withinMs }: PaceTurn): Promise<number | undefined> {
    const { rows } = await this.database.pool.query<{ waitMs: number }>({
      name: 'take-pace',
      text: sql.TAKE_PACE,
      values: [name, costMs, urgent, withinMs],
    });
    return rows[0]?.waitMs;
  }

  /** The gateway does it by itself. */
  private record(tx: Queryable, verb: 'pause' | 'resume', name: string, after: { readonly reason: string }): void {
    recordAct(this.database, tx, { action: `provider.${verb}`, target: name, after });
  }

  /** Closes the breaker and ends a pause, unless it is this one's. @returns why it was paused, if it was. */
  private async open(
    tx: Queryable,
    name: string,
    unless?: { readonly unlessPausedBy: PausedBy },
  ): Promise<string | null> {
    const { providerAccount } = await this.database.prismaOn(tx);
    await providerAccount.updateMany({ where: { name }, data: { failures: 0, openUntil: null, openReason: null } });
    const values = [name, unless?.unlessPausedBy ?? null];
    const { rows } = await tx.query<{ pauseReason: string | null }>(sql.OPEN, values);
    return rows[0]?.pauseReason ?? null;
  }
}
