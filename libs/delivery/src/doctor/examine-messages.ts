import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeId } from '@gateway/core';
import {
  AuditRepository,
  Database,
  IntegrityRepository,
  type WrongCompletion,
  type WrongCount,
} from '@gateway/database';
import { messageEvent } from '../events/delivery-events.js';
import { Recorder } from '../shared/record.js';
import { mend, SECOND_LOOK_MS, type Examination, type Finding } from './finding.js';

/** Counts of messages and batches against the recipients that they count. */
@Injectable()
export class ExamineCounts implements Examination {
  readonly check = 'counts';

  constructor(
    private readonly database: Database,
    private readonly integrity: IntegrityRepository,
    private readonly recorder: Recorder,
    private readonly audit: AuditRepository,
  ) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    const { integrity } = this;
    for await (const page of integrity.messagePages()) {
      const suspicious = messagesOf(await integrity.findWrongCounts(page));
      if (suspicious.length === 0) continue;
      await sleep(SECOND_LOOK_MS);
      const wrong = await integrity.findWrongCounts(suspicious);
      for (const [messageId, counts] of Map.groupBy(wrong, (count) => count.messageId)) {
        yield* this.report(messageId, counts, fix);
      }
    }
  }

  /** Missing recipients, or recipients without a batch, cannot be restored: then nothing is changed. */
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
    const { database, integrity, recorder, audit } = this;
    await database.transaction(async (tx) => {
      await integrity.mendCounts(tx, messageId);
      audit.record(tx, { action: 'doctor.mend_counts', target: encodeId('message', messageId) });
      await recorder.completion(tx, messageId);
    });
    return 'counted again';
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

/** Checks that a message's status, completion time and completion event agree. */
@Injectable()
export class ExamineCompletions implements Examination {
  readonly check = 'completion';

  constructor(
    private readonly database: Database,
    private readonly integrity: IntegrityRepository,
    private readonly recorder: Recorder,
    private readonly audit: AuditRepository,
  ) {}

  async *examine(fix: boolean): AsyncGenerator<Finding> {
    const { integrity } = this;
    for await (const page of integrity.messagePages()) {
      const suspicious = messagesOf(await integrity.findWrongCompletions(page));
      if (suspicious.length === 0) continue;
      await sleep(SECOND_LOOK_MS);
      for (const wrong of await integrity.findWrongCompletions(suspicious)) yield this.report(wrong, fix);
    }
  }

  private async report({ what, messageId, status }: WrongCompletion, fix: boolean): Promise<Finding> {
    const finding: Finding = { check: this.check, what, messageId, detail: `the message is ${status}` };
    // The event exists already and is not repeated; an operator has to inform its readers.
    if (what === 'early_completion')
      return fix ? { ...finding, left: 'it has its message.completed event already' } : finding;
    return mend(finding, fix, () => this.tell(messageId));
  }

  private tell(messageId: string): Promise<string | undefined> {
    const { database, integrity, recorder, audit } = this;
    return database.transaction(async (tx) => {
      const end = await integrity.lockCompletion(tx, messageId);
      if (end === undefined) return undefined;
      await integrity.setCompleted(tx, messageId);
      audit.record(tx, { action: 'doctor.mend_completion', target: encodeId('message', messageId) });
      if (end.told) return 'its end has a time now';
      const { status, counts } = end;
      await recorder.events.insert(tx, [messageEvent('message.completed', messageId, { status, counts })]);
      return 'its message.completed event is written';
    });
  }
}
