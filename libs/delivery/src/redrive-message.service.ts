import {
  GatewayProblem,
  type MessageSpec,
  type QuotaPolicy,
  type Reason,
  type Recipient,
  type RecipientStatus,
} from '@gateway/core';
import type { MessageRepository, RedriveFilter, RedriveRow } from '@gateway/database';
import type { AcceptMessageService, Present } from './accept/accept-message.service.js';
import type { FirstAnswer, IdempotencyService, IdempotentRequest } from './idempotency.service.js';
import { templateOf } from './accept/message-template.js';

const PAGE = 1000;
/** What may work a second time: no provider has delivered it, and the address is not known to be bad. */
const DEFAULT_STATUSES: readonly RecipientStatus[] = ['failed', 'rejected', 'expired'];

export interface RedriveCommand {
  readonly clientId: string;
  readonly requestId: string;
  readonly messageId: string;
  readonly idempotency: IdempotentRequest | undefined;
  readonly statuses?: readonly RecipientStatus[] | undefined;
  readonly reasons?: readonly Reason[] | undefined;
}

/** Sends a message once more, as a new one, to those of its recipients that did not get it. */
export class RedriveMessageService {
  constructor(
    private readonly messages: MessageRepository,
    private readonly acceptMessage: AcceptMessageService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** How many recipients it would be for. @throws GatewayProblem `not_found`. */
  async count(command: RedriveCommand, row: Pick<RedriveRow, 'erasedAt'>): Promise<number> {
    if (row.erasedAt !== null) throw erased();
    return this.messages.countForRedrive(command.messageId, filterOf(command));
  }

  /** @throws GatewayProblem `validation_failed` when nobody is left to send it to, `not_found` when nothing is. */
  async execute(command: RedriveCommand, row: RedriveRow, present: Present): Promise<FirstAnswer> {
    const { idempotency } = command;
    // What was done while there was something to send is answered as then.
    const earlier = idempotency && (await this.idempotency.earlier(command.clientId, idempotency));
    if (earlier !== undefined) return earlier;
    if ((await this.count(command, row)) === 0) {
      const detail = 'no recipient of this message is in one of these states';
      throw new GatewayProblem('validation_failed', `/statuses: ${detail}`, {
        fieldErrors: [{ pointer: '/statuses', code: 'too_few', detail }],
      });
    }
    return this.acceptMessage.execute(
      {
        clientId: command.clientId,
        requestId: command.requestId,
        idempotency: command.idempotency,
        spec: specOf(row),
        recipients: this.recipients(command),
        redriveOf: command.messageId,
      },
      present,
    );
  }

  private async *recipients(command: RedriveCommand): AsyncGenerator<readonly Recipient[]> {
    let position = 0;
    for (let after = -1; ;) {
      const rows = await this.messages.findForRedrive(command.messageId, filterOf(command), { after, limit: PAGE });
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.position;
      yield rows.map((row) => ({ ...row, position: position++ }));
    }
    // Rows go after the message is marked: as long as it is not, nobody was missing.
    if (await this.messages.isErased(command.messageId)) throw erased();
  }
}

const erased = (): GatewayProblem =>
  new GatewayProblem('not_found', 'The texts and recipients of this message were erased; make a new one.');

const filterOf = ({ statuses, reasons }: RedriveCommand): RedriveFilter => ({
  statuses: statuses ?? DEFAULT_STATUSES,
  softBounced: statuses === undefined,
  reasons,
});

/** The message as it was asked for; what was scheduled then goes out now. */
const specOf = (row: RedriveRow): MessageSpec => ({
  category: row.category,
  delivery: row.delivery,
  from: { address: row.fromAddress, ...(row.fromName !== null && { name: row.fromName }) },
  content: {
    subject: row.subject,
    ...(row.html !== null && { html: row.html }),
    ...(row.text !== null && { text: row.text }),
  },
  ...templateOf(row),
  variables: row.variables as Record<string, string>,
  headers: row.headers as Record<string, string>,
  attachments: row.attachmentIds,
  provider: row.requestedProvider,
  metadata: row.metadata as Record<string, unknown>,
  tags: row.tags,
  onQuota: row.onQuota as QuotaPolicy,
  dedupe: false,
  allowSplit: row.allowSplit,
});
