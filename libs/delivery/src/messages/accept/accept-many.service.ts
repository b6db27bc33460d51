import { Injectable } from '@nestjs/common';
import { GatewayProblem } from '@gateway/core';
import type { MessageRows, NewMessage } from '@gateway/database';
import { Turns } from '@gateway/platform';
import type { PoolClient } from 'pg';
import { MessageAttachments } from '../../attachments/message-attachments.js';
import { IdempotencyService, type FirstAnswer, type IdempotentRequest } from '../../shared/idempotency.service.js';
import { isInline, type AcceptCommand } from './accept-command.js';
import { AcceptMessageService } from './accept-message.service.js';
import { SharedAccountStates } from '../../accounts/account-states.js';
import { RoutesInForce } from '../../routes/routes-in-force.js';
import { BatchHints, type WrittenMessage } from './batch-hints.js';
import { MessagePreparer, type RoutableCommand } from './message-preparer.js';
import { groupLimits, MessageWriter } from './write-messages.js';

export interface AcceptManyCommand<T> {
  readonly clientId: string;
  readonly idempotency: IdempotentRequest | undefined;
  /** In the order of the request; for one that was refused already, its entry. */
  readonly commands: readonly (AcceptCommand | T)[];
}

/** How the messages of one request are answered. */
export interface PresentMany<T> {
  readonly accepted: (message: NewMessage) => T;
  readonly refused: (problem: GatewayProblem) => T;
  readonly all: (entries: readonly T[]) => FirstAnswer;
}

/** Takes many messages in one transaction. One that is refused does not keep the others. */
@Injectable()
export class AcceptManyService {
  constructor(
    private readonly states: SharedAccountStates,
    private readonly routes: RoutesInForce,
    private readonly preparer: MessagePreparer,
    private readonly writer: MessageWriter,
    private readonly alone: AcceptMessageService,
    private readonly attachments: MessageAttachments,
    private readonly hints: BatchHints,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** @returns the answer to give: of this request, or the first one of its Idempotency-Key. */
  async execute<T>(request: AcceptManyCommand<T>, present: PresentMany<T>): Promise<FirstAnswer> {
    const [states, routes] = await Promise.all([this.states.run(), this.routes.current()]);
    let written: readonly WrittenMessage[] = [];
    const answer = await this.idempotency.once(request.clientId, request.idempotency, async (tx) => {
      const many = new Many(tx, this.writer, present);
      await this.take(many, request, { states, routes });
      written = many.written;
      return present.all(many.answers);
    });
    for (const message of written) this.hints.send(message);
    return answer;
  }

  private async take<T>(
    many: Many<T>,
    request: AcceptManyCommand<T>,
    now: Pick<RoutableCommand, 'states' | 'routes'>,
  ): Promise<void> {
    const { clientId, commands } = request;
    const { tx } = many;
    const named = commands.filter(isCommand).flatMap(({ spec }) => spec.attachments);
    const files = await this.attachments.holdAll(tx, clientId, named);
    const turns = new Turns();
    for (const [index, command] of commands.entries()) {
      await turns.rest();
      if (!isCommand(command)) {
        many.answers[index] = command;
        continue;
      }
      const routable = { ...command, ...now };
      // A message is refused before its first statement, so the transaction stays usable.
      await many.orRefused(index, async () => {
        if (isInline(routable)) {
          await many.add(index, this.preparer.withRecipients(routable, files(command.spec.attachments)));
        } else many.note(index, await this.alone.write(tx, routable));
      });
    }
    await many.flush();
  }
}

const isCommand = (entry: unknown): entry is AcceptCommand =>
  typeof entry === 'object' && entry !== null && 'spec' in entry && 'recipients' in entry;

/** The messages of one request while they are written, several to a statement. */
class Many<T> {
  readonly answers: T[] = [];
  readonly written: WrittenMessage[] = [];
  private waiting: { readonly index: number; readonly rows: MessageRows }[] = [];
  private weight = 0;

  constructor(
    readonly tx: PoolClient,
    private readonly writer: MessageWriter,
    private readonly present: PresentMany<T>,
  ) {}

  async add(index: number, rows: MessageRows): Promise<void> {
    this.waiting.push({ index, rows });
    this.weight += groupLimits.weightOf(rows);
    if (this.waiting.length >= groupLimits.most || this.weight >= groupLimits.mostWeight) await this.flush();
  }

  async flush(): Promise<void> {
    const group = this.waiting;
    [this.waiting, this.weight] = [[], 0];
    if (group.length === 0) return;
    const messages = await this.writer.write(
      this.tx,
      group.map(({ rows }) => rows),
    );
    for (const [i, { index, rows }] of group.entries()) {
      this.note(index, { ...rows, message: messages[i] ?? rows.message });
    }
  }

  note(index: number, message: WrittenMessage): void {
    this.written.push(message);
    this.answers[index] = this.present.accepted(message.message);
  }

  async orRefused(index: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof GatewayProblem)) throw error;
      this.answers[index] = this.present.refused(error);
    }
  }
}
