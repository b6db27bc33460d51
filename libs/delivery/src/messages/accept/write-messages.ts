import { Injectable } from '@nestjs/common';
import { firstBatchStatus, inheritedStatus } from '@gateway/core';
import {
  Database,
  insertMessages,
  BatchTransitions,
  type MessageRows,
  type NewEventRow,
  type NewMessage,
  type Queryable,
  type Seal,
  SuppressionRepository,
} from '@gateway/database';
import { MessageAttachments } from '../../attachments/message-attachments.js';
import { Coalescer } from '../../shared/coalescer.js';
import { Recorder } from '../../shared/record.js';

/** Limits of a group that is written together: one statement for a hundred messages costs little more than for one. */
export const groupLimits = {
  most: 100,
  /** Characters of texts, so that a login code is not written together with many newsletters. */
  mostWeight: 500_000,
  weightOf: ({ message: { html, text } }: MessageRows): number => (html?.length ?? 0) + (text?.length ?? 0),
};

/** Two groups at a time: one is built while the other waits for the disk. */
const GROUPS_AT_ONCE = 2;

/**
 * `key_taken`: another request with its Idempotency-Key came first. `apart`: nothing was written, because it takes more
 * than one statement; a recipient is on the suppression list, or a file was deleted.
 */
export type GroupResult = 'written' | 'key_taken' | 'apart';

/** Writes messages, and leaves out who is on the suppression list. */
@Injectable()
export class MessageWriter {
  /** Messages of concurrent requests share one statement, which is its own transaction: the disk is waited for once. */
  private readonly groups = this.groupsOf((rows) => this.writePlain(this.database.pool, rows));
  /** Their files are held until they are written. */
  private readonly groupsWithFiles = this.groupsOf((rows) =>
    this.database.transaction((tx) => this.writeWithFiles(tx, rows)),
  );

  constructor(
    private readonly database: Database,
    private readonly suppressions: SuppressionRepository,
    private readonly attachments: MessageAttachments,
    private readonly transitions: BatchTransitions,
    private readonly recorder: Recorder,
  ) {}

  /** The key that encrypts a message and the values of its recipients, where they are to be encrypted. */
  sealFor({ category }: Pick<NewMessage, 'category'>, id: string): Seal | undefined {
    return this.database.contents.sealFor(category, id);
  }

  /** Together with those of other requests; durable when it resolves. */
  writeSoon(rows: MessageRows): Promise<GroupResult> {
    return (rows.message.attachmentIds.length === 0 ? this.groups : this.groupsWithFiles).run(rows);
  }

  /** @returns the messages as they are in the database. */
  async write(tx: Queryable, all: readonly MessageRows[]): Promise<readonly NewMessage[]> {
    await insertMessages(
      tx,
      all.map((rows) => this.sealed(withoutEvents(rows))),
    );
    await this.recorder.events.insert(tx, all.flatMap(eventsOf));
    const suppressed = await this.suppressible(tx, all);
    const written: NewMessage[] = [];
    for (const { message } of all) {
      written.push(suppressed.has(message.id) ? await this.suppress(tx, message) : message);
    }
    return written;
  }

  /** Messages whose recipients were copied have their key already. */
  private sealed(rows: MessageRows): MessageRows {
    return rows.seal === undefined ? { ...rows, seal: this.sealFor(rows.message, rows.message.id) } : rows;
  }

  private groupsOf(
    work: (rows: readonly MessageRows[]) => Promise<GroupResult[]>,
  ): Coalescer<MessageRows, GroupResult> {
    return new Coalescer(work, { atOnce: GROUPS_AT_ONCE, ...groupLimits });
  }

  private async writePlain(client: Queryable, rows: readonly MessageRows[]): Promise<GroupResult[]> {
    const apart = await this.suppressible(client, rows);
    const plain = rows.filter(({ message }) => !apart.has(message.id));
    const leftOut =
      plain.length === 0
        ? apart
        : await insertMessages(
            client,
            plain.map((row) => this.sealed(row)),
          );
    return rows.map(({ message: { id } }) => (apart.has(id) ? 'apart' : leftOut.has(id) ? 'key_taken' : 'written'));
  }

  private async writeWithFiles(tx: Queryable, rows: readonly MessageRows[]): Promise<GroupResult[]> {
    const held = await this.attachments.stillThere(
      tx,
      rows.flatMap(({ message }) => message.attachmentIds),
    );
    const isWhole = ({ message }: MessageRows): boolean => message.attachmentIds.every((id) => held.has(id));
    const whole = rows.filter(isWhole);
    const results = await this.writePlain(tx, whole);
    return rows.map((row) => results[whole.indexOf(row)] ?? 'apart');
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
    await this.recorder.started(tx, message.id, positions);
    await this.recorder.completion(tx, message.id);
    const waiting = inheritedStatus(firstBatchStatus(message));
    const left = message.recipientCount - suppressedCount;
    return { ...message, suppressedCount, counts: { [waiting]: left, suppressed: suppressedCount } };
  }
}

/** Messages that take more than one statement get their place in the log at the end: readers would wait for the commit. */
const withoutEvents = (rows: MessageRows): MessageRows => ({ ...rows, events: [] });

const eventsOf = ({ message, events }: MessageRows): NewEventRow[] =>
  events.map(({ id, type, data }) => ({
    id,
    messageId: message.id,
    batchId: null,
    type,
    data: data as NewEventRow['data'],
  }));
