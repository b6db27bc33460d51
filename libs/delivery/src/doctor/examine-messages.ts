import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, IntegrityRepository, WrongCompletion, WrongCount } from '@gateway/database';
import { messageEvent } from '../delivery-events.js';
import type { Recorder } from '../record.js';
import { mend, type Examination, type Finding } from './finding.js';

interface Deps {
  readonly database: Database;
  readonly integrity: IntegrityRepository;
  readonly recorder: Recorder;
  /** Between the first look and the second: what is only under way is over then. */
  readonly secondLookMs: number;
}

/** Counts of messages and batches against the recipients that they count. */
export class ExamineCounts implements Examination {
  readonly check = 'counts';

  constructor(private readonly deps: Deps) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    const { integrity, secondLookMs } = this.deps;
    for await (const page of integrity.messagePages()) {
      const suspicious = messagesOf(await integrity.findWrongCounts(page));
      if (suspicious.length === 0) continue;
      await sleep(secondLookMs);
      const wrong = await integrity.findWrongCounts(suspicious);
      for (const [messageId, counts] of Map.groupBy(wrong, (count) => count.messageId)) {
        yield* this.report(messageId, counts, fix);
      }
    }
  }

  /** Recipients that are missing, or that follow no batch, are nobody's to invent: then nothing is touched. */
  private async *report(messageId: string, counts: readonly WrongCount[], fix: boolean): AsyncGenerator<Finding> {
    const certain = counts.every(({ what }) => what === 'message_counts' || what === 'batch_counts');
    let result: Pick<Finding, 'mended' | 'left'> = fix ? { left: 'recipients and batches do not fit' } : {};
    const [first] = counts;
    if (certain && first !== undefined) {
      result = await mend(findingOf(first), fix, () => this.setCounts(messageId));
    }
    for (const count of counts) {
      const { mended, left } = result;
      yield { ...findingOf(count), ...(mended !== undefined && { mended }), ...(left !== undefined && { left }) };
    }
  }

  private async setCounts(messageId: string): Promise<string> {
    const { database, integrity, recorder } = this.deps;
    await database.transaction(async (tx) => {
      await integrity.mendCounts(tx, messageId);
      await recorder.completion(tx, messageId);
    });
    return 'counted anew';
  }
}

const findingOf = ({ what, messageId, batchId, kept, actual }: WrongCount): Finding => ({
  check: 'counts',
  what,
  messageId,
  batchId,
  detail: `kept ${kept}, there are ${actual}`,
});

const messagesOf = (found: readonly { readonly messageId: string }[]): readonly string[] => [
  ...new Set(found.map(({ messageId }) => messageId)),
];

/** The status of a message, the time of its end and the event that told it belong together. */
export class ExamineCompletions implements Examination {
  readonly check = 'completion';

  constructor(private readonly deps: Deps) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    const { integrity, secondLookMs } = this.deps;
    for await (const page of integrity.messagePages()) {
      const suspicious = messagesOf(await integrity.findWrongCompletions(page));
      if (suspicious.length === 0) continue;
      await sleep(secondLookMs);
      for (const wrong of await integrity.findWrongCompletions(suspicious)) yield this.report(wrong, fix);
    }
  }

  private async report({ what, messageId, status }: WrongCompletion, fix: boolean): Promise<Finding> {
    const finding: Finding = { check: this.check, what, messageId, detail: `the message is ${status}` };
    // It was told already, and will not be told again: whoever was told must know of it from a person.
    if (what === 'early_completion') return fix ? { ...finding, left: 'its end was told already' } : finding;
    return mend(finding, fix, () => this.tell(messageId));
  }

  private tell(messageId: string): Promise<string | undefined> {
    const { database, integrity, recorder } = this.deps;
    return database.transaction(async (tx) => {
      const end = await integrity.lockCompletion(tx, messageId);
      if (end === undefined) return undefined;
      await integrity.setCompleted(tx, messageId);
      if (end.told) return 'its end has a time now';
      const { status, counts } = end;
      await recorder.events.insert(tx, [messageEvent('message.completed', messageId, { status, counts })]);
      return 'its end is told';
    });
  }
}
