import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GatewayProblem,
  parseTexts,
  type MessageSpec,
  type QuotaPolicy,
  type Reason,
  type Recipient,
  type RecipientStatus,
} from '@gateway/core';
import { MessageRepository, type RedriveFilter, type RedriveRow } from '@gateway/database';
import type { Present } from './accept/accept-command.js';
import type { SenderLimits } from './accept/sender-limits.js';
import { AcceptMessageService } from './accept/accept-message.service.js';
import { type FirstAnswer, IdempotencyService, type IdempotentRequest } from '../shared/idempotency.service.js';
import { TemplateOwners } from '../templates/template-owners.js';
import { templateOf } from './accept/message-template.js';

const PAGE = 1000;
/** Statuses that may succeed a second time: no provider has delivered the mail, and the address is not known to be bad. */
const DEFAULT_STATUSES: readonly RecipientStatus[] = ['failed', 'rejected', 'expired'];

export interface RedriveCommand {
  readonly clientId: string;
  /** The key that the caller used. */
  readonly keyId: string | undefined;
  /** Another key must release what this key sends. */
  readonly needsRelease: boolean;
  /** Limits of that key. */
  readonly limits?: SenderLimits;
  readonly requestId: string;
  readonly messageId: string;
  readonly idempotency: IdempotentRequest | undefined;
  readonly statuses?: readonly RecipientStatus[] | undefined;
  readonly reasons?: readonly Reason[] | undefined;
}

/** Sends a message once more, as a new one, to those of its recipients that did not get it. */
@Injectable()
export class RedriveMessageService {
  constructor(
    private readonly messages: MessageRepository,
    private readonly acceptMessage: AcceptMessageService,
    private readonly idempotency: IdempotencyService,
    @Inject(TemplateOwners) private readonly owners: Pick<TemplateOwners, 'isForeign'>,
  ) {}

  /** How many recipients it would be for. @throws GatewayProblem `not_found`. */
  async count(command: RedriveCommand, row: Pick<RedriveRow, 'erasedAt'>): Promise<number> {
    if (row.erasedAt !== null) throw erased();
    return this.messages.countForRedrive(command.messageId, filterOf(command));
  }

  /**
   * A recipient is redriven once: not again while another redrive has it, or after that one succeeded.
   * @throws GatewayProblem `nothing_to_redrive` when no recipient is left, `not_found` when the content is erased.
   */
  async execute(command: RedriveCommand, row: RedriveRow, present: Present): Promise<FirstAnswer> {
    const { idempotency } = command;
    // A repeated request gets its first answer, even if the content has been erased since.
    const earlier = idempotency && (await this.idempotency.earlier(command.clientId, idempotency));
    if (earlier !== undefined) return earlier;
    await this.checkTemplate(command.clientId, row);
    if ((await this.count(command, row)) === 0) throw nobodyLeft();
    for (let left = MOST_WAITS; ; left -= 1) {
      try {
        return await this.redrive(command, row, present);
      } catch (error) {
        if (!(error instanceof OtherRedriveError)) throw error;
        if (left === 0) throw busy();
        await sleep(WAIT_MS);
      }
    }
  }

  private redrive(command: RedriveCommand, row: RedriveRow, present: Present): Promise<FirstAnswer> {
    return this.acceptMessage.execute(
      {
        clientId: command.clientId,
        keyId: command.keyId,
        needsRelease: command.needsRelease,
        limits: command.limits,
        requestId: command.requestId,
        idempotency: command.idempotency,
        spec: specOf(row),
        recipients: this.recipients(command),
        redriveOf: command.messageId,
        before: async (tx) => {
          if (!(await this.messages.lockRedrives(tx, command.messageId))) throw new OtherRedriveError();
        },
      },
      present,
    );
  }

  /** A template at the account may have become another client's since. */
  private async checkTemplate(clientId: string, { providerTemplateId, provider }: RedriveRow): Promise<void> {
    if (providerTemplateId === null || !(await this.owners.isForeign(clientId, provider, providerTemplateId))) return;
    const detail = 'the message was made of a template at the account that belongs to another client';
    throw new GatewayProblem('validation_failed', `/template/providerTemplateId: ${detail}`, {
      fieldErrors: [{ pointer: '/template/providerTemplateId', code: 'unknown_reference', detail }],
    });
  }

  /** Read once the lock is held, so that what another redrive took is seen. */
  private async *recipients(command: RedriveCommand): AsyncGenerator<readonly Recipient[]> {
    const filter = { ...filterOf(command), otherRedrives: await this.messages.findOtherRedrives(command.messageId) };
    let position = 0;
    for (let after = -1; ;) {
      const rows = await this.messages.findForRedrive(command.messageId, filter, { after, limit: PAGE });
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.position;
      yield rows.map((row) => ({ ...row, position: position++ }));
    }
    // Rows are deleted after the message is marked: as long as it is not, no recipient was missing.
    if (await this.messages.isErased(command.messageId)) throw erased();
    if (position === 0) throw nobodyLeft();
  }
}

/** Another redrive of the same recipients is being written. */
class OtherRedriveError extends Error {}

/** How often, and after which pause, a redrive looks whether the other one has been written. */
const MOST_WAITS = 100;
const WAIT_MS = 100;

const nobodyLeft = (): GatewayProblem =>
  new GatewayProblem(
    'nothing_to_redrive',
    'No recipient of this message is in one of these states and not redriven already.',
  );

const busy = (): GatewayProblem =>
  new GatewayProblem('overloaded', 'Another redrive of this message is being made. Try again.', {
    retryAfterSeconds: 1,
  });

const erased = (): GatewayProblem =>
  new GatewayProblem('message_erased', 'The texts and recipients of this message were erased; make a new one.');

const filterOf = ({ statuses, reasons }: RedriveCommand): RedriveFilter => ({
  statuses: statuses ?? DEFAULT_STATUSES,
  softBounced: statuses === undefined,
  reasons,
});

/** The message as it was requested, but without its schedule: a redrive is sent now. */
function specOf(row: RedriveRow): MessageSpec {
  const content = {
    subject: row.subject,
    ...(row.html !== null && { html: row.html }),
    ...(row.text !== null && { text: row.text }),
  };
  return {
    category: row.category,
    delivery: row.delivery,
    from: { address: row.fromAddress, ...(row.fromName !== null && { name: row.fromName }) },
    content,
    parsed: parseTexts(content, row.category),
    ...templateOf(row),
    variables: row.variables as Record<string, string>,
    headers: row.headers as Record<string, string>,
    attachments: row.attachmentIds,
    provider: row.requestedProvider,
    metadata: row.metadata as Record<string, unknown>,
    tags: row.tags,
    onQuota: row.onQuota as QuotaPolicy,
    hold: false,
    dedupe: false,
    allowSplit: row.allowSplit,
  };
}
