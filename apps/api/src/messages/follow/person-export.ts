import {
  ContactRepository,
  type KeyOwner,
  MessageStateRepository,
  RecipientRepository,
  type RecipientStateRow,
  SuppressionRepository,
} from '@gateway/database';
import { EventLog, LOG_START } from '@gateway/delivery';
import { Injectable } from '@nestjs/common';
import { hasScope } from '../../access/may.js';
import { presentContact } from '../../audience/audience.presenter.js';
import { presentEvent } from '../../events/event.presenter.js';
import { presentSuppression } from '../../suppressions/suppression.presenter.js';
import { MessagePlaces } from './message-places.js';
import { presentDetail, presentRecipient } from './message.presenter.js';
import { WaitingAccounts, type AccountsNow } from './waiting-accounts.js';

const RECIPIENTS_AT_ONCE = 100;
const EVENTS_AT_ONCE = 1000;

/** `data` is what the calls about one of these show. */
interface Line {
  readonly type: 'contact' | 'suppression' | 'message' | 'recipient' | 'event';
  readonly data: unknown;
}

/** Everything that a client has about an address, as far as the key may read it: one JSON object a line, in any length. */
@Injectable()
export class PersonExport {
  constructor(
    private readonly recipients: RecipientRepository,
    private readonly messages: MessageStateRepository,
    private readonly contacts: ContactRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly log: EventLog,
    private readonly waiting: WaitingAccounts,
    private readonly places: MessagePlaces,
  ) {}

  async *lines(owner: KeyOwner, address: string): AsyncGenerator<string> {
    for await (const line of this.entries(owner, address)) yield `${JSON.stringify(line)}\n`;
  }

  private async *entries(owner: KeyOwner, address: string): AsyncGenerator<Line> {
    const { clientId } = owner;
    if (hasScope(owner, 'audience')) {
      const found = await this.contacts.findPage(clientId, { address }, { before: undefined, limit: 1 });
      for (const contact of found) yield { type: 'contact', data: presentContact(contact) };
    }
    if (hasScope(owner, 'suppressions')) {
      const page = { after: undefined, limit: RECIPIENTS_AT_ONCE };
      const found = await this.suppressions.findPage({ address: address.toLowerCase() }, page);
      for (const entry of found) yield { type: 'suppression', data: presentSuppression(entry) };
    }
    let before: RecipientStateRow | undefined;
    do {
      const now = await this.waiting.find();
      const page = { before, limit: RECIPIENTS_AT_ONCE };
      const rows: RecipientStateRow[] = await this.recipients.findByAddress(clientId, address, page, now.sending);
      for (const row of rows) yield* this.mail(clientId, row, now);
      before = rows.length < RECIPIENTS_AT_ONCE ? undefined : rows.at(-1);
    } while (before !== undefined);
  }

  /** One mail: its message, the recipient with its values, and what happened. */
  private async *mail(clientId: string, row: RecipientStateRow, now: AccountsNow): AsyncGenerator<Line> {
    const message = await this.messages.findById(clientId, row.messageId);
    if (message !== undefined)
      yield { type: 'message', data: presentDetail(message, now, (await this.places.find([message]))(message.id)) };
    yield {
      type: 'recipient',
      data: { ...presentRecipient(row, now), variables: await this.recipients.findVariables(row) },
    };
    let from = LOG_START;
    for (let more = true; more;) {
      const page = await this.log.read({ messageId: row.messageId }, from, EVENTS_AT_ONCE);
      for (const { event } of page.events) {
        const isTheirs = event.position === undefined || event.position === row.position;
        if (isTheirs) yield { type: 'event', data: presentEvent(event) };
      }
      [from, more] = [page.next, page.more];
    }
  }
}
