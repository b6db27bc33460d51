import { Injectable } from '@nestjs/common';
import { inheritedStatus } from '@gateway/core';
import {
  Database,
  insertMessages,
  BatchTransitions,
  type MessageRows,
  type NewMessage,
  type Queryable,
  SuppressionRepository,
} from '@gateway/database';
import { Coalescer } from '../../shared/coalescer.js';
import { suppressedEvents } from '../../shared/delivery-events.js';
import { Recorder } from '../../shared/record.js';

/** Two transactions at a time: one is built while the other waits for the disk. */
const GROUPS_AT_ONCE = 2;
const MOST_MESSAGES = 100;
/** Texts of a group, so that a login code is not written together with many newsletters. */
const MOST_CHARACTERS = 500_000;

/** Writes messages, and leaves out who is on the suppression list. */
@Injectable()
export class MessageWriter {
  /** Messages of concurrent requests share one transaction: the disk is waited for once. */
  private readonly groups: Coalescer<MessageRows, NewMessage>;

  constructor(
    private readonly database: Database,
    private readonly suppressions: SuppressionRepository,
    private readonly transitions: BatchTransitions,
    private readonly recorder: Recorder,
  ) {
    this.groups = new Coalescer((rows) => database.transaction((tx) => this.write(tx, rows)), {
      atOnce: GROUPS_AT_ONCE,
      most: MOST_MESSAGES,
      mostWeight: MOST_CHARACTERS,
      weightOf: ({ message: { html, text } }) => (html?.length ?? 0) + (text?.length ?? 0),
    });
  }

  /** In a transaction that it may share with others; durable when it resolves. */
  writeSoon(rows: MessageRows): Promise<NewMessage> {
    return this.groups.run(rows);
  }

  /** @returns the messages as they are in the database. */
  async write(tx: Queryable, all: readonly MessageRows[]): Promise<readonly NewMessage[]> {
    await insertMessages(tx, all);
    const suppressed = await this.suppressible(tx, all);
    const written: NewMessage[] = [];
    for (const { message } of all) {
      written.push(suppressed.has(message.id) ? await this.suppress(tx, message) : message);
    }
    return written;
  }

  /** Messages with a recipient who may be on the list; it is unknown for messages whose recipients were copied. */
  private async suppressible(tx: Queryable, all: readonly MessageRows[]): Promise<ReadonlySet<string>> {
    const inline = all.flatMap(({ recipients }) => recipients.map(({ address }) => address.toLowerCase()));
    const listed = new Set(inline.length === 0 ? [] : await this.suppressions.findListed(tx, inline));
    const isOnList = ({ recipients, message: { recipientCount } }: MessageRows): boolean =>
      recipients.length < recipientCount || recipients.some(({ address }) => listed.has(address.toLowerCase()));
    return new Set(all.filter(isOnList).map(({ message }) => message.id));
  }

  /** Recipients on the list get nothing, and the caller gets their number. */
  private async suppress(tx: Queryable, message: NewMessage): Promise<NewMessage> {
    const range = { from: 0, to: message.recipientCount };
    const positions = await this.suppressions.suppress(tx, message, range);
    const suppressedCount = positions.length;
    if (suppressedCount === 0) return message;
    await this.transitions.settleSuppressed(tx, message.id);
    await this.recorder.events.insert(tx, suppressedEvents(message.id, positions));
    await this.recorder.completion(tx, message.id);
    const waiting = inheritedStatus(message.sendAt === null ? 'queued' : 'scheduled');
    const left = message.recipientCount - suppressedCount;
    return { ...message, suppressedCount, counts: { [waiting]: left, suppressed: suppressedCount } };
  }
}
