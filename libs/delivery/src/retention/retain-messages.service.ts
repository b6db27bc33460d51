import { Inject, Injectable } from '@nestjs/common';
import { categories, encodeId, type Category } from '@gateway/core';
import {
  AuditRepository,
  Database,
  type ErasedMessage,
  isLockUnavailable,
  type Month,
  type Queryable,
  RETENTION_START,
  type RetentionCursor,
  type RetentionPeriod,
  RetentionRepository,
} from '@gateway/database';
import { CONFIG, type GatewayConfig } from '@gateway/platform';
import { EMPTY_REPORT, type RetentionReport } from './retention-report.js';

export interface RetentionRun {
  /** Ends the run after the piece of work that it is at. */
  readonly signal: AbortSignal;
  /** Takes turns with other runs; else a run ends where another one is at work. */
  readonly wait: boolean;
  /** After each piece of work. */
  readonly onProgress?: (report: RetentionReport) => void;
}

export interface RetentionResult {
  readonly report: RetentionReport;
  /** `busy`: another run is at work. `stopped`: by a signal. */
  readonly ended: 'done' | 'busy' | 'stopped';
}

/**
 * Extra days that a whole month is kept after its period, because the last messages of a month become final some days
 * later.
 */
const MONTH_LAG_DAYS = 7;
/** Entries of the audit log that are erased in one transaction. */
const AUDIT_PIECE = 10_000;

/**
 * Erases messages whose period is over: content first, so that it is not shown any more, then rows, by whole months if
 * nothing in them is kept. It works in short transactions, one process at a time, each of which leaves a state from
 * which any run can continue. Messages that are not final and suppressions are never touched.
 */
@Injectable()
export class RetainMessagesService {
  constructor(
    private readonly database: Database,
    private readonly retention: RetentionRepository,
    private readonly audit: AuditRepository,
    @Inject(CONFIG) private readonly config: Pick<GatewayConfig, 'retention'>,
  ) {}

  async execute(run: RetentionRun): Promise<RetentionResult> {
    const work = new RetentionWork(this.database, this.retention, this.audit, run);
    try {
      for (const period of this.periods()) await work.erase(period);
      if (this.periods().length > 0) await work.dropMonths();
      await work.deleteRows(this.periods(), this.config.retention.byMonth ? MONTH_LAG_DAYS : undefined);
      for (const period of this.dropPeriods()) await work.dropMessages(period);
      if (this.config.retention.auditDays > 0) await work.eraseAudit(this.config.retention.auditDays);
      return { report: work.report, ended: 'done' };
    } catch (error) {
      if (error instanceof RunEnded) return { report: work.report, ended: error.why };
      throw error;
    }
  }

  /** Those categories that are not kept for ever. */
  private periods(): readonly RetentionPeriod[] {
    const { days } = this.config.retention;
    return categories.map((category) => ({ category, days: days[category] })).filter((period) => period.days > 0);
  }

  private dropPeriods(): readonly RetentionPeriod[] {
    const { dropDays } = this.config.retention;
    return dropDays === 0 ? [] : categories.map((category) => ({ category, days: dropDays }));
  }
}

/** Also where a worker runs it. */
const process = 'retention';

class RunEnded extends Error {
  constructor(readonly why: 'busy' | 'stopped') {
    super(why);
  }
}

/** One run. */
class RetentionWork {
  report = EMPTY_REPORT;

  constructor(
    private readonly database: Database,
    private readonly retention: RetentionRepository,
    private readonly audit: AuditRepository,
    private readonly run: RetentionRun,
  ) {}

  async erase(period: RetentionPeriod): Promise<void> {
    const { retention } = this;
    await this.walk(async (tx, after) => {
      const found = await retention.findOver(tx, period, after);
      const ids = found.map(({ id }) => id);
      const erased = ids.length === 0 ? [] : await retention.erase(tx, period, ids);
      await retention.eraseAnswers(tx, erased.map(toAnswer));
      const files = new Set(erased.flatMap(({ attachmentIds }) => attachmentIds));
      const attachments = await retention.deleteAttachments(tx, [...files]);
      if (erased.length > 0) this.record(tx, 'erase', period.category, { messages: erased.length, attachments });
      return { found, tell: () => this.tellErased(period.category, erased, attachments) };
    });
  }

  async dropMonths(): Promise<void> {
    for (const month of await this.retention.findMonths()) {
      if (!(await this.retention.keepsMessage(month))) await this.dropMonth(month);
    }
  }

  private async dropMonth(month: Month): Promise<void> {
    try {
      const dropped = await this.step(async (tx) => {
        const isDropped = await this.retention.dropMonth(tx, month);
        if (isDropped) this.record(tx, 'drop_month', month.name);
        return isDropped;
      });
      if (dropped) this.tell({ months: [...this.report.months, month.name] });
    } catch (error) {
      // Somebody writes to it, or a long transaction of anybody holds its table: the next run tries again.
      if (!isLockUnavailable(error)) throw error;
      this.tell({ monthsInUse: [...this.report.monthsInUse, month.name] });
    }
  }

  async deleteRows(periods: readonly RetentionPeriod[], lagDays: number | undefined): Promise<void> {
    const { retention } = this;
    for (let after = RETENTION_START.id; ;) {
      const ids = await this.step((tx) => retention.findErasing(tx, periods, { after, lagDays }));
      const last = ids.at(-1);
      if (last === undefined) return;
      for (let done = false; !done;) {
        const deleted = await this.step((tx) => retention.deleteRows(tx, ids));
        done = deleted.done;
        const { recipients, events } = this.report;
        this.tell({ recipients: recipients + deleted.recipients, events: events + deleted.events });
      }
      after = last;
    }
  }

  async dropMessages(period: RetentionPeriod): Promise<void> {
    const { retention } = this;
    await this.walk(async (tx, after) => {
      const found = await retention.findDroppable(tx, period, after);
      const dropped = await retention.drop(
        tx,
        found.map(({ id }) => ({ id, location: locationOf(id) })),
      );
      if (dropped > 0) this.record(tx, 'drop', period.category, { messages: dropped });
      return { found, tell: () => this.tell({ dropped: this.report.dropped + dropped }) };
    });
  }

  async eraseAudit(days: number): Promise<void> {
    for (let erased = AUDIT_PIECE; erased === AUDIT_PIECE;) {
      erased = await this.step(async (tx) => {
        const before = new Date((await this.database.timeOf(tx)).getTime() - days * 86_400_000);
        const count = await this.audit.erase(tx, before, AUDIT_PIECE);
        if (count > 0) this.audit.record(tx, { action: 'audit.erase', process, after: { entries: count } });
        return count;
      });
    }
  }

  /** Works along an index until nothing is found; reports each piece when it is committed. */
  private async walk(
    piece: (
      tx: Queryable,
      after: RetentionCursor,
    ) => Promise<{ readonly found: readonly RetentionCursor[]; readonly tell: () => void }>,
  ): Promise<void> {
    for (let after: RetentionCursor | undefined = RETENTION_START; after !== undefined;) {
      const from: RetentionCursor = after;
      const { found, tell } = await this.step((tx) => piece(tx, from));
      after = found.at(-1);
      if (after !== undefined) tell();
    }
  }

  private record(tx: Queryable, verb: string, target: string, after?: Readonly<Record<string, unknown>>): void {
    this.audit.record(tx, { action: `retention.${verb}`, target, after, process });
  }

  private async step<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    if (this.run.signal.aborted) throw new RunEnded('stopped');
    return this.database.transaction(async (tx) => {
      if (!(await this.retention.takeTurn(tx, this.run.wait))) throw new RunEnded('busy');
      return work(tx);
    });
  }

  private tellErased(category: Category, erased: readonly ErasedMessage[], attachments: number): void {
    const before = this.report.erased[category];
    const after = {
      messages: before.messages + erased.length,
      recipients: erased.reduce((sum, { recipients }) => sum + recipients, before.recipients),
    };
    this.tell({
      erased: { ...this.report.erased, [category]: after },
      attachments: this.report.attachments + attachments,
    });
  }

  private tell(news: Partial<RetentionReport>): void {
    this.report = { ...this.report, ...news };
    this.run.onProgress?.(this.report);
  }
}

/** Where the first answer said that the message is. */
const locationOf = (id: string): string => `/v1/messages/${encodeId('message', id)}`;

const toAnswer = ({ id, clientId }: ErasedMessage): { location: string; clientId: string } => ({
  location: locationOf(id),
  clientId,
});
