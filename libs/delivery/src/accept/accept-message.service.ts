import {
  GatewayProblem,
  inheritedStatus,
  parseContent,
  type EmailProvider,
  type MessageSpec,
  type Recipient,
} from '@gateway/core';
import {
  copyRecipients,
  insertMessage,
  type Database,
  type NewMessage,
  type ProviderAccountRepository,
  type SuppressionRepository,
} from '@gateway/database';
import type { PoolClient } from 'pg';
import { newUuid, type Clock, type Logger } from '@gateway/platform';
import { dispatchQueueName, type BatchProducer } from '@gateway/queue';
import type { MessageAttachments } from '../attachments/message-attachments.js';
import type { FirstAnswer, IdempotencyService, IdempotentRequest } from '../idempotency.service.js';
import type { Recorder } from '../record.js';
import { audienceColumns } from './message-audience.js';
import { templateColumns } from './message-template.js';
import { accountStates, routable, type AccountStates } from './account-states.js';
import { RecipientAnalysis } from './recipient-analysis.js';
import { routeMessage, type Route } from './route-message.js';

/** A validated request to send. `recipients` may be a stream of pages; it is read once. */
export interface AcceptCommand {
  /** A new one unless given. */
  readonly id?: string;
  readonly clientId: string;
  readonly requestId: string;
  readonly spec: MessageSpec;
  readonly recipients: readonly Recipient[] | AsyncIterable<readonly Recipient[]>;
  readonly idempotency: IdempotentRequest | undefined;
  /** The message whose failed recipients these are. */
  readonly redriveOf?: string;
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
// A job for a message in the far future would only take up room; the recovery sweep finds it when it is due.
const LONGEST_QUEUE_DELAY_MS = 600_000;

/** Turns a validated request into durable rows: one transaction, then a hint in the queue (laws 1 and 2). */
export class AcceptMessageService {
  constructor(
    private readonly deps: {
      readonly database: Database;
      readonly accounts: ProviderAccountRepository;
      readonly suppressions: SuppressionRepository;
      readonly attachments: MessageAttachments;
      readonly recorder: Recorder;
      readonly providers: readonly EmailProvider[];
      readonly producer: BatchProducer;
      readonly idempotency: IdempotencyService;
      readonly clock: Clock;
      readonly log: Logger;
    },
  ) {}

  /**
   * @returns the answer to give: of this request, or the first one of its Idempotency-Key.
   * @throws GatewayProblem when no account can send it, or the Idempotency-Key is in use.
   */
  async execute(command: AcceptCommand, present: Present): Promise<FirstAnswer> {
    const { idempotency } = this.deps;
    // Before the transaction: a request that holds one connection must never wait for a second.
    const states = await accountStates(this.deps);
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
    const states = await accountStates(this.deps);
    const written: WrittenMessage[] = [];
    const answer = await this.deps.idempotency.once(request.clientId, request.idempotency, async (tx) => {
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

  private async write(command: RoutableCommand, tx: PoolClient): Promise<WrittenMessage> {
    const { spec, clientId } = command;
    const content = parseContent(spec.content, spec.category);
    const files = await this.deps.attachments.sizes(clientId, spec.attachments, tx);
    const analysis = new RecipientAnalysis(spec, content, this.deps.providers, files);
    const id = command.id ?? newUuid();
    const inline = await this.takeRecipients(command, { id, analysis, tx });
    const message = this.newMessage(command, id, analysis, this.route(command, analysis));
    const batches = message.route.batches.map(({ from, to }) => ({
      id: newUuid(),
      positionFrom: from,
      positionTo: to,
    }));
    await insertMessage(tx, message.row, {
      ofList: spec.list !== undefined,
      recipients: inline,
      batches,
      events: [
        {
          id: newUuid(),
          type: message.row.sendAt === null ? 'message.accepted' : 'message.scheduled',
          data: { provider: message.row.provider, recipientCount: analysis.count, batchCount: batches.length },
        },
      ],
      enqueuedAt: this.willEnqueue(message.row) ? message.row.createdAt : null,
    });
    const suppressed = await this.suppress(tx, message.row);
    return { message: suppressed, batchIds: batches.map((batch) => batch.id) };
  }

  /** Who is on the list gets nothing, and the caller is told how many. */
  private async suppress(tx: PoolClient, message: NewMessage): Promise<NewMessage> {
    const range = { from: 0, to: message.recipientCount };
    const suppressedCount = await this.deps.suppressions.suppress(tx, message, range);
    if (suppressedCount === 0) return message;
    await this.deps.recorder.completion(tx, message.id);
    const waiting = inheritedStatus(message.sendAt === null ? 'queued' : 'scheduled');
    const left = message.recipientCount - suppressedCount;
    return { ...message, suppressedCount, counts: { [waiting]: left, suppressed: suppressedCount } };
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
      await this.deps.attachments.hold(to.tx, spec.attachments);
      return [];
    }
    await this.deps.attachments.hold(to.tx, spec.attachments);
    for (const recipient of recipients) to.analysis.add(recipient);
    if (recipients.length <= INLINE_RECIPIENTS) return recipients;
    // Refuse before a hundred thousand rows are written for nothing.
    this.route(command, to.analysis);
    await copyRecipients(to.tx, to.id, [recipients]);
    return [];
  }

  private route({ spec, states }: RoutableCommand, analysis: RecipientAnalysis): Route {
    return routeMessage(spec, analysis, routable(this.deps.providers, states));
  }

  private newMessage(
    command: AcceptCommand,
    id: string,
    analysis: RecipientAnalysis,
    route: Route,
  ): { row: NewMessage; route: Route } {
    const { spec, clientId, requestId } = command;
    const status = inheritedStatus(spec.sendAt === undefined ? 'queued' : 'scheduled');
    const createdAt = this.deps.clock.now();
    const row: NewMessage = {
      id,
      clientId,
      category: spec.category,
      delivery: spec.delivery,
      requestedProvider: spec.provider,
      provider: route.routing.provider,
      fromAddress: spec.from.address,
      fromName: spec.from.name ?? null,
      subject: spec.content.subject,
      html: spec.content.html ?? null,
      text: spec.content.text ?? null,
      variables: spec.variables,
      headers: spec.headers,
      metadata: spec.metadata,
      tags: spec.tags,
      onQuota: spec.onQuota,
      allowSplit: spec.allowSplit,
      sendAt: spec.sendAt ?? null,
      recipientCount: analysis.count,
      suppressedCount: 0,
      batchCount: route.batches.length,
      counts: { [status]: analysis.count },
      routing: route.routing,
      warnings: warningsFor(spec),
      requestId,
      attachmentIds: spec.attachments,
      ...templateColumns(spec),
      ...audienceColumns(spec, createdAt),
      redriveOf: command.redriveOf ?? null,
      createdAt,
    };
    return { row, route };
  }

  private delayOf(message: NewMessage): number {
    return message.sendAt === null ? 0 : Math.max(0, message.sendAt.getTime() - this.deps.clock.now().getTime());
  }

  private willEnqueue = (message: NewMessage): boolean => this.delayOf(message) <= LONGEST_QUEUE_DELAY_MS;

  /** Not awaited by the caller: the mail is safe, and a queue that is away is no reason to keep anybody waiting. */
  private enqueue({ message, batchIds }: WrittenMessage): void {
    if (!this.willEnqueue(message)) return;
    const queueName = dispatchQueueName(message.provider, message.category);
    this.deps.producer.enqueue(queueName, batchIds, this.delayOf(message)).catch((error: unknown) => {
      this.deps.log.warn({ err: error, queueName, batches: batchIds.length }, 'not enqueued; the recovery sweep will');
    });
  }
}

function warningsFor(spec: MessageSpec): string[] {
  const both = spec.content.html !== undefined && spec.content.text !== undefined;
  return both ? ['The providers send one body: html goes out, text is only kept here.'] : [];
}
