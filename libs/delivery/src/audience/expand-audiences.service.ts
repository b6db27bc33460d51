import { Inject, Injectable } from '@nestjs/common';
import { parseTexts } from '@gateway/core';
import {
  AudienceRepository,
  BatchTransitions,
  Database,
  type ExpandedAudience,
  KeyPaceRepository,
  type KeptWaitingMessage,
  type Queryable,
  SuppressionRepository,
  type WaitingMessage,
} from '@gateway/database';
import { CONFIG, LOGGER, STOPPING, newUuid, type Logger } from '@gateway/platform';
import { BatchProducer, dispatchQueueName } from '@gateway/queue';
import { messageEvent } from '../events/delivery-events.js';
import { ProviderDirectory } from '../shared/provider-directory.js';
import { Recorder } from '../shared/record.js';
import type { Timing } from '../shared/timing.js';
import { batchSize, expansionRules, rangesOf } from './expansion-rules.js';

const NOBODY = 'The audience had no recipient when the message was due.';
const lostGroups = (names: readonly string[]): string =>
  `The audience names ${names.map((name) => `"${name}"`).join(', ')}, which was deleted before the message was due; no mail is sent.`;

/**
 * Finds the recipients of messages to an audience when the messages are due. Each message has its own transaction: a
 * crash leaves the message as it was, and no second worker can expand it meanwhile.
 */
@Injectable()
export class ExpandAudiencesService {
  constructor(
    private readonly database: Database,
    private readonly audiences: AudienceRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly transitions: BatchTransitions,
    private readonly recorder: Recorder,
    private readonly paces: KeyPaceRepository,
    private readonly providers: ProviderDirectory,
    private readonly producer: BatchProducer,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  /** Works until no message is due. */
  async execute(): Promise<void> {
    // Most looks find none, and a transaction takes three round trips.
    let more = await this.audiences.isOneWaiting(this.providers.names);
    while (more && !this.stopping.aborted) more = await this.expandNext();
  }

  private async expandNext(): Promise<boolean> {
    const { database, audiences, providers, timing, log } = this;
    let taken: KeptWaitingMessage | undefined;
    try {
      const batchIds = await database.transaction(async (tx) => {
        taken = await audiences.takeWaiting(tx, providers.names);
        return taken && (await this.expand(tx, audiences.open(taken)));
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
  private async expand(tx: Queryable, message: KeptWaitingMessage): Promise<readonly string[]> {
    const { audiences, recorder } = this;
    const lost = await audiences.findLostGroups(tx, message.audience);
    if (lost.length > 0) {
      await audiences.fail(tx, message.id, lostGroups(lost));
      await recorder.completion(tx, message.id);
      return [];
    }
    return this.fill(tx, message);
  }

  private async fill(tx: Queryable, message: KeptWaitingMessage): Promise<readonly string[]> {
    const { audiences, suppressions, transitions, recorder, paces, providers } = this;
    const capabilities = providers.find(message.provider)?.capabilities;
    if (capabilities === undefined) throw new Error(`no account "${message.provider}" is configured`);
    const result = await audiences.insertRecipients(tx, message, expansionRules(parsed(message), capabilities));
    const size = batchSize(capabilities.limits, result.largest, message.variables);
    const batches = rangesOf(result.able, size).map((range) => ({ id: newUuid(), ...range }));
    const warnings = result.able + result.unable === 0 ? [NOBODY] : [];
    await audiences.finish(tx, message, { ...result, batches, warnings });
    await this.tell(tx, message, { ...result, batchCount: batches.length });
    if (result.able > 0) {
      const suppressed = await suppressions.suppress(tx, message, { from: 0, to: result.able - 1 });
      if (suppressed.length > 0) await transitions.settleSuppressed(tx, message.id);
      await recorder.started(tx, message.id, suppressed);
    }
    await recorder.completion(tx, message.id);
    // One was charged when the message was accepted.
    const uncharged = result.able + result.unable - 1;
    if (uncharged > 0) await paces.chargeSender(tx, message.id, uncharged);
    return batches.map(({ id }) => id);
  }

  private async tell(
    tx: Queryable,
    { id }: WaitingMessage,
    { able, unable, batchCount }: ExpandedAudience & { readonly batchCount: number },
  ): Promise<void> {
    const expanded = { recipientCount: able + unable, batchCount, rejected: unable };
    await this.recorder.events.insert(tx, [messageEvent('message.expanded', id, expanded)]);
    const rejected = Array.from({ length: unable }, (_, i) => able + i);
    await this.recorder.started(tx, id, rejected);
  }

  private enqueue({ provider, category }: WaitingMessage, batchIds: readonly string[]): void {
    if (batchIds.length === 0) return;
    const queueName = dispatchQueueName(provider, category);
    this.producer.enqueue(queueName, batchIds).catch((error: unknown) => {
      this.log.warn({ err: error, queueName }, 'not enqueued; the recovery sweep will');
    });
  }
}

function parsed({ subject, html, text, category, variables, providerTemplateId }: WaitingMessage) {
  const texts = { subject, ...(html !== null && { html }), ...(text !== null && { text }) };
  return { ...parseTexts(texts, category), variables, ofProvider: providerTemplateId !== null };
}
