import { Injectable } from '@nestjs/common';
import { GatewayProblem, type Recipient } from '@gateway/core';
import { copyRecipients, type MessageRows, type Seal } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { PoolClient } from 'pg';
import { MessageAttachments } from '../../attachments/message-attachments.js';
import {
  IdempotencyService,
  keptBody,
  type FirstAnswer,
  type IdempotentRequest,
} from '../../shared/idempotency.service.js';
import { isInline, type AcceptCommand, type InlineCommand, type Present } from './accept-command.js';
import { Coalescer } from '../../shared/coalescer.js';
import { SharedAccountStates } from '../../accounts/account-states.js';
import { RoutesInForce } from '../../routes/routes-in-force.js';
import { BatchHints, type WrittenMessage } from './batch-hints.js';
import { MessagePreparer, type RoutableCommand } from './message-preparer.js';
import type { RecipientAnalysis } from './recipient-analysis.js';
import { MessageWriter } from './write-messages.js';

/** A small message that cannot be written together with others. */
interface Apart {
  readonly command: RoutableCommand;
  readonly present: Present;
}

/** Turns a validated request into durable rows: one transaction, then a hint in the queue (laws 1 and 2). */
@Injectable()
export class AcceptMessageService {
  /** Each takes a connection, of which the groups and all other requests need some. */
  private readonly apart = new Coalescer((all: readonly Apart[]) => this.acceptEach(all), { atOnce: 8, most: 1 });

  constructor(
    private readonly states: SharedAccountStates,
    private readonly routes: RoutesInForce,
    private readonly preparer: MessagePreparer,
    private readonly writer: MessageWriter,
    private readonly attachments: MessageAttachments,
    private readonly hints: BatchHints,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * @returns the answer to give: of this request, or the first one of its Idempotency-Key.
   * @throws GatewayProblem when no account can send it, or the Idempotency-Key is in use.
   */
  async execute(request: AcceptCommand, present: Present): Promise<FirstAnswer> {
    // Before the transaction: a request that holds one connection must never wait for a second.
    const [states, routes] = await Promise.all([this.states.run(), this.routes.current()]);
    const command = { ...request, states, routes };
    if (!isInline(command)) return this.acceptAlone(command, present);
    const together = await this.acceptTogether(command, present);
    if (together !== undefined) return together;
    // A login code does not wait.
    const isUrgent = command.spec.category === 'authentication';
    return isUrgent ? this.acceptAlone(command, present) : this.apart.run({ command, present });
  }

  /** In a transaction of the caller's, who sends the hints after it. */
  async write(tx: PoolClient, command: RoutableCommand): Promise<WrittenMessage> {
    const { spec, clientId } = command;
    await command.before?.(tx);
    const analysis = this.preparer.analysisOf(command, await this.attachments.sizes(clientId, spec.attachments, tx));
    const id = command.id ?? newUuid();
    const seal = this.writer.sealFor(spec, id);
    const inline = await this.takeRecipients(command, { id, analysis, tx, seal });
    const rows = this.preparer.prepare(command, id, analysis, inline);
    const [message] = await this.writer.write(tx, [{ ...rows, seal }]);
    return { ...rows, message: message ?? rows.message };
  }

  /** @returns nothing for a message that needs a transaction of its own. */
  private async acceptTogether(
    command: InlineCommand<RoutableCommand>,
    present: Present,
  ): Promise<FirstAnswer | undefined> {
    const { clientId, idempotency } = command;
    const prepared = await this.prepareOrReplay(command);
    if ('earlier' in prepared) return prepared.earlier;
    const { rows } = prepared;
    const answer = present(rows.message, this.preparer.waiting(command, rows.message));
    const kept = idempotency && (await keptAnswer(idempotency, answer));
    const result = await this.writer.writeSoon(kept === undefined ? rows : { ...rows, kept });
    if (result === 'key_taken' && idempotency !== undefined) return this.idempotency.answerOf(clientId, idempotency);
    if (result !== 'written') return undefined;
    this.hints.send(rows);
    return answer;
  }

  /** A repeated request gets its first answer, even if it would be refused by now: its files may have been deleted. */
  private async prepareOrReplay(
    command: InlineCommand<RoutableCommand>,
  ): Promise<{ readonly rows: MessageRows } | { readonly earlier: FirstAnswer }> {
    const { clientId, idempotency, spec } = command;
    try {
      const files = await this.attachments.sizes(clientId, spec.attachments);
      return { rows: this.preparer.withRecipients(command, files) };
    } catch (error) {
      if (idempotency === undefined || !(error instanceof GatewayProblem)) throw error;
      const earlier = await this.idempotency.earlier(clientId, idempotency);
      if (earlier === undefined) throw error;
      return { earlier };
    }
  }

  private acceptEach(all: readonly Apart[]): Promise<readonly FirstAnswer[]> {
    return Promise.all(all.map(({ command, present }) => this.acceptAlone(command, present)));
  }

  private async acceptAlone(command: RoutableCommand, present: Present): Promise<FirstAnswer> {
    let written: WrittenMessage | undefined;
    const answer = await this.idempotency.once(command.clientId, command.idempotency, async (tx) => {
      written = await this.write(tx, command);
      return present(written.message, this.preparer.waiting(command, written.message));
    });
    if (written !== undefined) this.hints.send(written);
    return answer;
  }

  /** Few recipients are kept for the statement that writes the message; many are streamed to the database. */
  private async takeRecipients(
    command: RoutableCommand,
    to: {
      readonly id: string;
      readonly analysis: RecipientAnalysis;
      readonly tx: PoolClient;
      readonly seal: Seal | undefined;
    },
  ): Promise<readonly Recipient[]> {
    const { recipients, spec } = command;
    if (!(Symbol.iterator in recipients)) {
      await copyRecipients(to.tx, to.id, to.analysis.tap(recipients), to.seal);
      // Not earlier: a stream takes long, and the deletion of a file would wait for it.
      await this.attachments.hold(to.tx, spec.attachments);
      return [];
    }
    await this.attachments.hold(to.tx, spec.attachments);
    for (const recipient of recipients) to.analysis.add(recipient);
    if (isInline(command)) return recipients;
    // Refuse before a hundred thousand rows are written for nothing.
    this.preparer.route(command, to.id, to.analysis);
    await copyRecipients(to.tx, to.id, [recipients], to.seal);
    return [];
  }
}

async function keptAnswer({ key, requestHash }: IdempotentRequest, answer: FirstAnswer) {
  const { status, headers } = answer;
  return { key, requestHash: await requestHash(), status, headers, body: keptBody(answer) };
}
