import { Inject, Injectable } from '@nestjs/common';
import { GatewayProblem, encodeId } from '@gateway/core';
import {
  AccessRepository,
  BatchTransitions,
  Database,
  MessageRepository,
  type BatchRow,
  type HeldMessage,
} from '@gateway/database';
import { CLOCK, CONFIG, type Clock } from '@gateway/platform';
import { messageEvent } from '../events/delivery-events.js';
import { Recorder } from '../shared/record.js';
import type { Timing } from '../shared/timing.js';
import { BatchHints } from './accept/batch-hints.js';
import { isEnqueued } from './accept/prepare-message.js';

/** Lets held messages go: now, or at their `sendAt`. */
@Injectable()
export class ReleaseMessageService {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageRepository,
    private readonly keys: AccessRepository,
    private readonly transitions: BatchTransitions,
    private readonly recorder: Recorder,
    private readonly hints: BatchHints,
    @Inject(CONFIG) private readonly timing: Pick<Timing, 'expireMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @param keyId the key that releases it.
   * @throws GatewayProblem `version_conflict` when it is not held any more, `forbidden` for the key that sent it and may
   * not send by itself, and for keys that it has made or rotated: their secrets are known to the same person.
   */
  async execute(message: HeldMessage, keyId: string): Promise<void> {
    if (message.status !== 'held') throw notHeld(message.status);
    const { heldBy } = message;
    if (heldBy === keyId) throw sameKey();
    if (heldBy !== null && (await this.keys.isInHandsOf(keyId, heldBy))) throw sameHands();
    const released = await this.database.repeatable(async (tx) => {
      const { expireMs } = this.timing;
      const batches = await this.transitions.letGo(tx, message, expireMs);
      if (!(await this.messages.noteRelease(tx, message.id, { letGo: batches.length > 0, expireMs }))) {
        throw new GatewayProblem('version_conflict', 'The message was released, cancelled or expired meanwhile.');
      }
      const releasedBy = encodeId('apiKey', keyId);
      const sendAt = message.sendAt?.toISOString() ?? null;
      await this.recorder.events.insert(tx, [messageEvent('message.released', message.id, { releasedBy, sendAt })]);
      return batches;
    });
    this.hint(message, released);
  }

  private hint(message: HeldMessage, batches: readonly BatchRow[]): void {
    const now = this.clock.now();
    if (batches.length === 0 || !isEnqueued(message, now)) return;
    this.hints.send({ message, batches, enqueuedAt: now });
  }
}

const notHeld = (status: string): GatewayProblem =>
  new GatewayProblem('version_conflict', `Only a held message can be released; this one is ${status}.`);

const sameHands = (): GatewayProblem =>
  new GatewayProblem(
    'forbidden',
    'The key that sent the message has made or rotated this key; use one that it has not.',
  );

const sameKey = (): GatewayProblem =>
  new GatewayProblem('forbidden', 'This key sent the message, and needs another key to release it.');
