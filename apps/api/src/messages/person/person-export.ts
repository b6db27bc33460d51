import {
  ContactRepository,
  type KeyOwner,
  PersonTracesRepository,
  RecipientRepository,
  type RecipientStateRow,
  SuppressionRepository,
} from '@gateway/database';
import { Injectable } from '@nestjs/common';
import type { Shown } from '../../access/addresses/masked-answers.js';
import { hasScope } from '../../access/may.js';
import { presentContact } from '../../audience/audience.presenter.js';
import { presentSuppression } from '../../suppressions/suppression.presenter.js';
import { WaitingAccounts } from '../follow/waiting-accounts.js';
import { PersonMail } from './person-mail.js';
import type { PersonLine } from './person-line.js';
import { StoredAnswers } from './stored-answers.js';

const RECIPIENTS_AT_ONCE = 100;

type Scopes = Pick<KeyOwner, 'scopes' | 'clientName'>;

export interface PersonAsked {
  readonly address: string;
  /** For an administrator of all; each line then names its client. */
  readonly allClients: boolean;
  readonly shown: Shown;
}

/**
 * Everything about an address that an erasure would erase, as far as the key may read it: one JSON object a line, in any
 * length.
 */
@Injectable()
export class PersonExport {
  constructor(
    private readonly recipients: RecipientRepository,
    private readonly contacts: ContactRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly traces: PersonTracesRepository,
    private readonly mail: PersonMail,
    private readonly answers: StoredAnswers,
    private readonly waiting: WaitingAccounts,
  ) {}

  async *lines(owner: KeyOwner, { address, allClients, shown }: PersonAsked): AsyncGenerator<string> {
    for await (const line of this.ofGateway(owner, address)) yield `${JSON.stringify(shown(line))}\n`;
    const clients = allClients ? await this.traces.findClients() : [{ id: owner.clientId, name: undefined }];
    for (const { id, name } of clients) {
      for await (const line of this.ofClient(owner, id, address)) {
        yield `${JSON.stringify(shown(name === undefined ? line : { ...line, client: name }))}\n`;
      }
    }
  }

  /** The lists that belong to all clients: one company, one opt-out. */
  private async *ofGateway(scopes: Scopes, address: string): AsyncGenerator<PersonLine> {
    if (!hasScope(scopes, 'suppressions')) return;
    const key = address.toLowerCase();
    const found = await this.suppressions.findPage({ address: key }, { after: undefined, limit: RECIPIENTS_AT_ONCE });
    for (const entry of found) yield { type: 'suppression', data: presentSuppression(entry) };
    for (const copy of await this.traces.findSuppressionCopies(key)) {
      yield { type: 'providerCopy', data: { list: 'suppressions', ...copy } };
    }
  }

  private async *ofClient(scopes: Scopes, clientId: string, address: string): AsyncGenerator<PersonLine> {
    if (hasScope(scopes, 'audience')) {
      const found = await this.contacts.findPage(clientId, { address }, { before: undefined, limit: 1 });
      for (const contact of found) {
        yield { type: 'contact', data: presentContact(contact) };
        yield* this.answers.ofContact(clientId, contact.id, address);
      }
      for (const copy of await this.traces.findListCopies(address.toLowerCase(), clientId)) {
        yield { type: 'providerCopy', data: { list: 'group', ...copy } };
      }
      yield* this.answers.ofOthers(clientId, address);
    }
    let before: RecipientStateRow | undefined;
    do {
      const now = await this.waiting.find();
      const page = { before, limit: RECIPIENTS_AT_ONCE };
      const rows: RecipientStateRow[] = await this.recipients.findByAddress(clientId, address, page, now.sending);
      for (const row of rows) yield* this.mail.lines(clientId, row, now);
      before = rows.length < RECIPIENTS_AT_ONCE ? undefined : rows.at(-1);
    } while (before !== undefined);
  }
}
