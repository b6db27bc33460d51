import { Injectable } from '@nestjs/common';
import { encodeId, isFinal } from '@gateway/core';
import {
  EraseMailRepository,
  type ErasureProgress,
  FIRST_MAIL,
  type FoundMail,
  type MailPlace,
  type Queryable,
  RetentionRepository,
  type TakenErasure,
} from '@gateway/database';
import { addressPattern } from './address-pattern.js';

/** Recipients of one transaction: erased in well under a second. */
const MAIL_AT_ONCE = 200;

/** Everything that is settled and final, as retention erases it, without a period. */
const AT_ONCE = { days: 0 } as const;

export interface ErasedPage {
  readonly progress: ErasureProgress;
  /** Mail that is under way. */
  readonly pending: number;
  /** Everything up to here is erased; absent: nothing of this page is. */
  readonly clean: MailPlace | undefined;
  /** Where the next page begins; absent: this was the last one. */
  readonly next: MailPlace | undefined;
}

/**
 * Erases mail to an address, a page in the caller's transaction. A message to this recipient only is erased as retention
 * erases messages. Of a message to others, too, the recipient is erased, and the address wherever it is found.
 */
@Injectable()
export class MailEraser {
  constructor(
    private readonly mail: EraseMailRepository,
    private readonly retention: RetentionRepository,
  ) {}

  async erase(
    tx: Queryable,
    of: { readonly address: string; readonly before: TakenErasure },
    after: MailPlace = FIRST_MAIL,
  ): Promise<ErasedPage> {
    const read = await this.mail.find(tx, of, { after, limit: MAIL_AT_ONCE });
    const { clientId } = of.before;
    const found = clientId === null ? read : read.filter((mail) => mail.clientId === clientId);
    const pattern = addressPattern([of.address]);
    const whole = await this.eraseMessages(
      tx,
      found.filter(({ recipientCount }) => recipientCount === 1),
    );
    const parts = await this.eraseRecipients(
      tx,
      found.filter(({ recipientCount }) => recipientCount !== 1),
      pattern,
    );
    const done = [...whole.done, ...parts.done];
    const webhookDeliveries = await this.mail.eraseDeliveries(tx, {
      erased: whole.done.map(({ messageId }) => messageId),
      kept: parts.done.map(({ messageId }) => messageId),
      pattern,
    });
    const counts = {
      messages: whole.messages,
      recipients: whole.recipients + parts.recipients,
      events: whole.events + parts.events,
      attachments: whole.attachments,
      webhookDeliveries,
    };
    const gone = new Set(done);
    const firstLeft = read.findIndex((mail) => found.includes(mail) && !gone.has(mail));
    return {
      progress: { counts, sent: sentThrough(done) },
      pending: found.length - done.length,
      clean: firstLeft < 0 ? read.at(-1) : read[firstLeft - 1],
      next: read.length < MAIL_AT_ONCE ? undefined : read.at(-1),
    };
  }

  private async eraseMessages(tx: Queryable, found: readonly FoundMail[]) {
    const { retention } = this;
    // Of mail under way not even the batches are locked: it is dispatched and followed without waiting.
    const ids = found.filter(({ erased, completed }) => completed && !erased).map(({ messageId }) => messageId);
    const erased = ids.length === 0 ? [] : await retention.erase(tx, AT_ONCE, ids);
    await retention.eraseAnswers(
      tx,
      erased.map(({ id, clientId }) => ({ location: locationOf(id), clientId })),
    );
    const files = new Set(erased.flatMap(({ attachmentIds }) => attachmentIds));
    const attachments = await retention.deleteAttachments(tx, [...files]);
    const gone = new Set(erased.map(({ id }) => id));
    const done = found.filter((mail) => mail.erased || gone.has(mail.messageId));
    const rows = await this.deleteRows(
      tx,
      done.map(({ messageId }) => messageId),
    );
    return { done, messages: erased.length, attachments, ...rows };
  }

  private async deleteRows(tx: Queryable, ids: readonly string[]): Promise<{ recipients: number; events: number }> {
    const total = { recipients: 0, events: 0 };
    for (let done = ids.length === 0; !done;) {
      const deleted = await this.retention.deleteRows(tx, ids);
      total.recipients += deleted.recipients;
      total.events += deleted.events;
      done = deleted.done;
    }
    return total;
  }

  private async eraseRecipients(tx: Queryable, found: readonly FoundMail[], pattern: string) {
    const final = found.filter(({ status }) => status === null || isFinal(status));
    if (final.length === 0) return { done: final, recipients: 0, events: 0 };
    const { mentions, locked } = await this.mail.findMentions(tx, idsOf(final), pattern);
    // A text that is still to be sent to others stays as it is until then, and one whose key is missing until it is back.
    const done = final.filter(
      ({ messageId, completed }) => !locked.has(messageId) && (completed || !mentions.has(messageId)),
    );
    await this.mail.lockBatches(
      tx,
      done.flatMap(({ batchId }) => batchId ?? []),
    );
    const traces = {
      pattern,
      mentions: idsOf(done).filter((id) => mentions.has(id)),
      locations: idsOf(done).map(locationOf),
    };
    await this.retention.eraseExamples(tx, idsOf(done));
    return { done, ...(await this.mail.erase(tx, done, traces)) };
  }
}

const idsOf = (mail: readonly FoundMail[]): string[] => [...new Set(mail.map(({ messageId }) => messageId))];

const locationOf = (id: string): string => `/v1/messages/${encodeId('message', id)}`;

/** When each account was last given mail, of those that may still have it. */
function sentThrough(mail: readonly FoundMail[]): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const { provider, submittedAt } of mail) {
    const at = submittedAt?.toISOString();
    if (provider !== null && at !== undefined && at > (sent[provider] ?? '')) sent[provider] = at;
  }
  return sent;
}
