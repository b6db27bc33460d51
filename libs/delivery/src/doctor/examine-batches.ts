import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, IntegrityRepository, OpenAttempt, UnownedBatch } from '@gateway/database';
import type { RecoverService } from '../recover/recover.service.js';
import { mend, type Examination, type Finding } from './finding.js';

/** Batches that are due, held, in doubt or followed, while for long nobody has done anything about it. */
export class ExamineOwners implements Examination {
  readonly check = 'owners';

  constructor(
    private readonly deps: {
      readonly integrity: IntegrityRepository;
      readonly recover: Pick<RecoverService, 'recoverLeases'>;
      /** Longer than any sweep leaves a batch alone. */
      readonly lateMs: number;
    },
  ) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    for await (const page of this.deps.integrity.unownedBatches(this.deps.lateMs)) {
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
    const { integrity, recover } = this.deps;
    if (!(await integrity.bringBack(batch))) return undefined;
    if (batch.status !== 'dispatching') return 'the next sweep of a worker takes it';
    await recover.recoverLeases();
    return 'taken over from its worker';
  }
}

/** Attempts that have neither an outcome nor somebody who is finding it out. */
export class ExamineAttempts implements Examination {
  readonly check = 'attempts';

  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly integrity: IntegrityRepository;
      readonly secondLookMs: number;
    },
  ) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    const { integrity, secondLookMs } = this.deps;
    for await (const page of integrity.openAttempts()) {
      await sleep(secondLookMs);
      const still = await integrity.findOpenAttempts(page.map(({ attemptId }) => attemptId));
      for (const attempt of still) yield this.report(attempt, fix);
    }
  }

  private report(attempt: OpenAttempt, fix: boolean): Promise<Finding> {
    const { messageId, batchId, number, status } = attempt;
    const detail = `attempt ${number} of a batch that is ${status}`;
    const finding = { check: this.check, what: 'open_attempt', messageId, batchId, detail } as const;
    return mend(finding, fix, async () => {
      const done = await this.deps.database.transaction((tx) => this.deps.integrity.closeAttempt(tx, attempt));
      return done === 'looked up' ? 'it is looked up before anything is sent' : done && 'closed as unconfirmed';
    });
  }
}
