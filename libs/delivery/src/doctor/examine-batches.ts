import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeId } from '@gateway/core';
import { AuditRepository, Database, IntegrityRepository, type OpenAttempt, type UnownedBatch } from '@gateway/database';
import { RecoverService } from '../batches/recover/recover.service.js';
import { LATE_MS, mend, SECOND_LOOK_MS, type Examination, type Finding } from './finding.js';

/** Batches that are due, held, unconfirmed or followed, but have had no worker for long. */
@Injectable()
export class ExamineOwners implements Examination {
  readonly check = 'owners';

  constructor(
    private readonly integrity: IntegrityRepository,
    private readonly recover: RecoverService,
    @Inject(LATE_MS) private readonly lateMs: number,
  ) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    for await (const page of this.integrity.unownedBatches(this.lateMs)) {
      for (const batch of page) yield this.report(batch, fix);
    }
  }

  private report(batch: UnownedBatch, fix: boolean): Promise<Finding> {
    const { batchId, messageId, provider, category, status, why } = batch;
    const detail = `${status} at ${provider} (${category}): ${why}`;
    const finding = { check: this.check, what: 'unowned_batch', messageId, batchId, detail } as const;
    return mend(finding, fix, () => this.bringBack(batch));
  }

  private async bringBack(batch: UnownedBatch): Promise<string | undefined> {
    const { integrity, recover } = this;
    if (!(await integrity.bringBack(batch))) return undefined;
    if (batch.status !== 'dispatching') return 'the next sweep of a worker takes it';
    await recover.recoverLeases();
    return 'taken over from its worker';
  }
}

/** Attempts without an outcome that no look-up will settle. */
@Injectable()
export class ExamineAttempts implements Examination {
  readonly check = 'attempts';

  constructor(
    private readonly database: Database,
    private readonly integrity: IntegrityRepository,
    private readonly audit: AuditRepository,
  ) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    const { integrity } = this;
    for await (const page of integrity.openAttempts()) {
      await sleep(SECOND_LOOK_MS);
      const still = await integrity.findOpenAttempts(page.map(({ attemptId }) => attemptId));
      for (const attempt of still) yield this.report(attempt, fix);
    }
  }

  private report(attempt: OpenAttempt, fix: boolean): Promise<Finding> {
    const { messageId, batchId, number, status } = attempt;
    const detail = `attempt ${number} of a batch that is ${status}`;
    const finding = { check: this.check, what: 'open_attempt', messageId, batchId, detail } as const;
    return mend(finding, fix, async () => {
      const done = await this.database.transaction(async (tx) => {
        const closed = await this.integrity.closeAttempt(tx, attempt);
        if (closed) this.audit.record(tx, { action: 'doctor.close_attempt', target: encodeId('batch', batchId) });
        return closed;
      });
      return done === 'looked up' ? 'it is looked up before anything is sent' : done && 'closed as unconfirmed';
    });
  }
}
