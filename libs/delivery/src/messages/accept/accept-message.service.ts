import { Inject, Injectable } from '@nestjs/common';
import {
  GatewayProblem,
  parseContent,
  sizesOf,
  type AttachmentSizes,
  type MessageSpec,
  type Recipient,
} from '@gateway/core';
import {
  copyRecipients,
  Database,
  type MessageRows,
  type NewMessage,
  ProviderAccountRepository,
  type Queryable,
} from '@gateway/database';
import type { PoolClient } from 'pg';
import { CLOCK, LOGGER, newUuid, type Clock, type Logger } from '@gateway/platform';
import { BatchProducer, dispatchQueueName } from '@gateway/queue';
import { MessageAttachments } from '../../attachments/message-attachments.js';
import { type FirstAnswer, IdempotencyService, type IdempotentRequest } from '../../shared/idempotency.service.js';
import { routable, SharedAccountStates, type AccountStates } from './account-states.js';
import { delayOf, isEnqueued, prepareMessage } from './prepare-message.js';
import { RecipientAnalysis } from './recipient-analysis.js';
import { routeMessage, type Route } from './route-message.js';
import { MessageWriter } from './write-messages.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';

/** A validated request to send. `recipients` may be a stream of pages; it is read once. */
export interface AcceptCommand {
  /** A new one unless given. */
  readonly id?: string;
  readonly clientId: string;
  /** The key that the caller used; none: the gateway itself sends. */
  readonly keyId?: string | undefined;
  readonly requestId: string;
  readonly spec: MessageSpec;
  readonly recipients: readonly Recipient[] | AsyncIterable<readonly Recipient[]>;
  readonly idempotency: IdempotentRequest | undefined;
  /** The message whose failed recipients these are. */
  readonly redriveOf?: string;
  /** Runs in the transaction before the recipients are read; the transaction is rolled back if it throws. */
  readonly before?: (tx: Queryable) => Promise<void>;
}

interface RoutableCommand extends AcceptCommand {
  readonly states: AccountStates;
}

interface WrittenMessage {
  readonly message: NewMessage;
  readonly batchIds: readonly string[];
}

const isCommand = (entry: unknown): entry is AcceptCommand =>
  typeof entry === 'object' && entry !== null && 'spec' in entry && 'recipients' in entry;

/** How the accepted message is answered; stored with the caller's Idempotency-Key. */
export type Present = (message: NewMessage) => FirstAnswer;

/** Up to this many recipients are written with the message in one statement; more are streamed with COPY. */
const INLINE_RECIPIENTS = 200;

/** Turns a validated request into durable rows: one transaction, then a hint in the queue (laws 1 and 2). */
@Injectable()
export class AcceptMessageService {
  private readonly states: SharedAccountStates;

  constructor(
    private readonly database: Database,
    accounts: ProviderAccountRepository,
    private readonly writer: MessageWriter,
    private readonly attachments: MessageAttachments,
    private readonly providers: ProviderDirectory,
    private readonly producer: BatchProducer,
    private readonly idempotency: IdempotencyService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.states = new SharedAccountStates(accounts, providers);
  }

  /**
   * @returns the answer to give: of this request, or the first one of its Idempotency-Key.
   * @throws GatewayProblem when no account can send it, or the Idempotency-Key is in use.
   */
  async execute(command: AcceptCommand, present: Present): Promise<FirstAnswer> {
    const { idempotency, writer } = this;
    // Before the transaction: a request that holds one connection must never wait for a second.
    const states = await this.states.run();
    if (isSmall(command)) {
      const rows = this.prepareSmall({ ...command, states });
      const accepted = { message: await writer.writeSoon(rows), batchIds: idsOf(rows) };
      this.enqueue(accepted);
      return present(accepted.message);
    }
    let accepted: WrittenMessage | undefined;
    const answer = await idempotency.once(command.clientId, command.idempotency, async (tx) => {
      accepted = await this.write({ ...command, states }, tx);
      return present(accepted.message);
    });
    if (accepted !== undefined) this.enqueue(accepted);
    return answer;
  }

  /**
   * Takes many messages in one transaction. One that is refused does not keep the others; `refused` makes its entry.
   * @returns the answer to give: of this request, or the first one of its Idempotency-Key.
   */
  async executeMany<T>(
    request: Pick<AcceptCommand, 'clientId' | 'idempotency'> & { readonly commands: readonly (AcceptCommand | T)[] },
    present: {
      readonly accepted: (message: NewMessage) => T;
      readonly refused: (problem: GatewayProblem) => T;
      readonly all: (entries: readonly T[]) => FirstAnswer;
    },
  ): Promise<FirstAnswer> {
    const states = await this.states.run();
    const written: WrittenMessage[] = [];
    const answer = await this.idempotency.once(request.clientId, request.idempotency, async (tx) => {
      const entries: T[] = [];
      for (const command of request.commands) {
        if (!isCommand(command)) entries.push(command);
        else entries.push(await this.writeOne({ ...command, states }, tx, { written, ...present }));
      }
      return present.all(entries);
    });
    for (const message of written) this.enqueue(message);
    return answer;
  }

  private async writeOne<T>(
    command: RoutableCommand,
    tx: PoolClient,
    to: {
      readonly written: WrittenMessage[];
      readonly accepted: (message: NewMessage) => T;
      readonly refused: (problem: GatewayProblem) => T;
    },
  ): Promise<T> {
    try {
      const result = await this.write(command, tx);
      to.written.push(result);
      return to.accepted(result.message);
    } catch (error) {
      // Refusals come before the first statement of a message, so the transaction is as good as before.
      if (!(error instanceof GatewayProblem)) throw error;
      return to.refused(error);
    }
  }

  /** Of a message for which nothing has to be asked first. */
  private prepareSmall(command: RoutableCommand & { readonly recipients: readonly Recipient[] }): MessageRows {
    const { spec, recipients } = command;
    const analysis = this.analysisOf(spec, sizesOf([]));
    for (const recipient of recipients) analysis.add(recipient);
    return this.prepare(command, newUuid(), analysis, recipients);
  }

  private async write(command: RoutableCommand, tx: PoolClient): Promise<WrittenMessage> {
    const { spec, clientId } = command;
    await command.before?.(tx);
    const analysis = this.analysisOf(spec, await this.attachments.sizes(clientId, spec.attachments, tx));
    const id = command.id ?? newUuid();
    const inline = await this.takeRecipients(command, { id, analysis, tx });
    const rows = this.prepare(command, id, analysis, inline);
    const [message] = await this.writer.write(tx, [rows]);
    return { message: message ?? rows.message, batchIds: idsOf(rows) };
  }

  private analysisOf(spec: MessageSpec, files: AttachmentSizes): RecipientAnalysis {
    return new RecipientAnalysis(spec, parseContent(spec.content, spec.category), this.providers.all, files);
  }

  private prepare(
    command: RoutableCommand,
    id: string,
    analysis: RecipientAnalysis,
    recipients: readonly Recipient[],
  ): MessageRows {
    const { clientId, keyId, requestId, spec, redriveOf } = command;
    const [route, createdAt] = [this.route(command, analysis), this.clock.now()];
    const recipientCount = analysis.count;
    const parts = { id, clientId, keyId, requestId, spec, redriveOf, recipientCount, route, createdAt };
    return prepareMessage(parts, recipients);
  }

  /** Few recipients are kept for the statement that writes the message; many go to the database as they come. */
  private async takeRecipients(
    command: RoutableCommand,
    to: { readonly id: string; readonly analysis: RecipientAnalysis; readonly tx: PoolClient },
  ): Promise<readonly Recipient[]> {
    const { recipients, spec } = command;
    if (!(Symbol.iterator in recipients)) {
      await copyRecipients(to.tx, to.id, to.analysis.tap(recipients));
      // Not before: a stream takes long, and who deletes a file would wait.
      await this.attachments.hold(to.tx, spec.attachments);
      return [];
    }
    await this.attachments.hold(to.tx, spec.attachments);
    for (const recipient of recipients) to.analysis.add(recipient);
    if (recipients.length <= INLINE_RECIPIENTS) return recipients;
    // Refuse before a hundred thousand rows are written for nothing.
    this.route(command, to.analysis);
    await copyRecipients(to.tx, to.id, [recipients]);
    return [];
  }

  private route({ spec, states }: RoutableCommand, analysis: RecipientAnalysis): Route {
    return routeMessage(spec, analysis, routable(this.providers.all, states));
  }

  /** Not awaited by the caller: the mail is safe, and a queue that is away is no reason to keep anybody waiting. */
  private enqueue({ message, batchIds }: WrittenMessage): void {
    const now = this.clock.now();
    if (!isEnqueued(message, now)) return;
    const queueName = dispatchQueueName(message.provider, message.category);
    this.producer.enqueue(queueName, batchIds, delayOf(message, now)).catch((error: unknown) => {
      this.log.warn({ err: error, queueName, batches: batchIds.length }, 'not enqueued; the recovery sweep will');
    });
  }
}

const idsOf = ({ batches }: MessageRows): readonly string[] => batches.map(({ id }) => id);

/** Can it be written with others in one statement, and is there no other that it must be compared with? */
const isSmall = (command: AcceptCommand): command is AcceptCommand & { readonly recipients: readonly Recipient[] } =>
  Symbol.iterator in command.recipients &&
  command.recipients.length <= INLINE_RECIPIENTS &&
  command.idempotency === undefined &&
  command.id === undefined &&
  command.before === undefined &&
  command.spec.attachments.length === 0;
