import { parseContent } from '@gateway/core';
import type {
  AudienceRepository,
  Database,
  ExpandedAudience,
  Queryable,
  SuppressionRepository,
  WaitingMessage,
} from '@gateway/database';
import { newUuid, type Logger } from '@gateway/platform';
import { dispatchQueueName, type BatchProducer } from '@gateway/queue';
import { messageEvent } from '../delivery-events.js';
import type { ProviderDirectory } from '../provider-directory.js';
import type { Recorder } from '../record.js';
import type { Timing } from '../timing.js';
import { batchSize, expansionRules, rangesOf } from './expansion-rules.js';

const NOBODY = 'The audience had no recipient when the message was due.';
const lostGroups = (names: readonly string[]): string =>
  `The audience names ${names.map((name) => `"${name}"`).join(', ')}, which was deleted before the message was due; nobody gets it.`;

/**
 * Finds the recipients of messages to an audience when their time has come. One transaction each: a crash leaves the
 * message as it was, and no second worker can look at it meanwhile.
 */
export class ExpandAudiencesService {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly audiences: AudienceRepository;
      readonly suppressions: SuppressionRepository;
      readonly recorder: Recorder;
      readonly providers: ProviderDirectory;
      readonly producer: BatchProducer;
      readonly timing: Timing;
      readonly log: Logger;
      readonly stopping: AbortSignal;
    },
  ) {}

  /** Works until no message is due. */
  async execute(): Promise<void> {
    let more = true;
    while (more && !this.deps.stopping.aborted) more = await this.expandNext();
  }

  private async expandNext(): Promise<boolean> {
    const { database, audiences, providers, timing, log } = this.deps;
    let taken: WaitingMessage | undefined;
    try {
      const batchIds = await database.transaction(async (tx) => {
        taken = await audiences.takeWaiting(tx, providers.names);
        return taken && (await this.expand(tx, taken));
      });
      if (taken === undefined || batchIds === undefined) return false;
      this.enqueue(taken, batchIds);
    } catch (error) {
      if (taken === undefined) throw error;
      log.error({ err: error, messageId: taken.id }, 'an audience could not be expanded; it is tried again');
      await audiences.postpone(taken.id, timing.retryMaxMs);
    }
    return true;
  }

  /** @returns the ids of its batches. */
  private async expand(tx: Queryable, message: WaitingMessage): Promise<readonly string[]> {
    const { audiences, recorder } = this.deps;
    const lost = await audiences.findLostGroups(tx, message.audience);
    if (lost.length > 0) {
      await audiences.fail(tx, message.id, lostGroups(lost));
      await recorder.completion(tx, message.id);
      return [];
    }
    return this.fill(tx, message);
  }

  private async fill(tx: Queryable, message: WaitingMessage): Promise<readonly string[]> {
    const { audiences, suppressions, recorder, providers } = this.deps;
    const limits = providers.find(message.provider)?.capabilities.limits;
    if (limits === undefined) throw new Error(`no account "${message.provider}" is configured`);
    const result = await audiences.insertRecipients(tx, message, expansionRules(parsed(message), limits));
    const size = batchSize(limits, result.largest, message.variables);
    const batches = rangesOf(result.able, size).map((range) => ({ id: newUuid(), ...range }));
    const warnings = result.able + result.unable === 0 ? [NOBODY] : [];
    await audiences.finish(tx, message, { ...result, batches, warnings });
    await this.tell(tx, message, { ...result, batchCount: batches.length });
    if (result.able > 0) await suppressions.suppress(tx, message, { from: 0, to: result.able - 1 });
    await recorder.completion(tx, message.id);
    return batches.map(({ id }) => id);
  }

  private async tell(
    tx: Queryable,
    { id }: WaitingMessage,
    { able, unable, batchCount }: ExpandedAudience & { readonly batchCount: number },
  ): Promise<void> {
    const expanded = { recipientCount: able + unable, batchCount, rejected: unable };
    const rejected = { statuses: { rejected: [[able, able + unable - 1]] }, opened: [] };
    await this.deps.recorder.events.insert(tx, [
      messageEvent('message.expanded', id, expanded),
      ...(unable > 0 ? [messageEvent('recipients', id, rejected)] : []),
    ]);
  }

  private enqueue({ provider, category }: WaitingMessage, batchIds: readonly string[]): void {
    if (batchIds.length === 0) return;
    const queueName = dispatchQueueName(provider, category);
    this.deps.producer.enqueue(queueName, batchIds).catch((error: unknown) => {
      this.deps.log.warn({ err: error, queueName }, 'not enqueued; the recovery sweep will');
    });
  }
}

const parsed = ({ subject, html, text, category, variables, providerTemplateId }: WaitingMessage) => ({
  content: parseContent({ subject, ...(html !== null && { html }), ...(text !== null && { text }) }, category),
  variables,
  ofProvider: providerTemplateId !== null,
});
