import { Inject, Injectable } from '@nestjs/common';
import { encodeId, ProviderRefusedError, ProviderUnavailableError, type ProviderSuppressions } from '@gateway/core';
import {
  ErasePersonRepository,
  type ErasureProgress,
  type ErasureRange,
  type OtherAnswer,
  type Queryable,
  type TakenErasure,
} from '@gateway/database';
import { STOPPING } from '@gateway/platform';
import { ListAccounts } from '../audience/lists/list-accounts.js';
import { AccountStores } from '../shared/account-stores.js';
import { addressPattern, withoutAddresses } from './address-pattern.js';

const ANSWERS_AT_ONCE = 200;

type Write = (work: (tx: Queryable) => Promise<ErasureProgress>) => Promise<void>;

/** Erases what is kept about addresses besides mail: contacts, suppressions, copies at accounts, stored answers. */
@Injectable()
export class PersonEraser {
  constructor(
    private readonly person: ErasePersonRepository,
    private readonly stores: AccountStores,
    private readonly lists: ListAccounts,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  /** In the gateway's own tables. */
  async erase(tx: Queryable, addresses: readonly string[], taken: TakenErasure): Promise<ErasureProgress> {
    const { person } = this;
    const { clientId } = taken;
    const contacts = await person.eraseContacts(tx, addresses, addressPattern(addresses), taken);
    await person.eraseContactAnswers(
      tx,
      contacts.deleted.map((id) => `/v1/contacts/${encodeId('contact', id)}`),
    );
    const { counts } = await this.eraseTraces(tx, addresses, clientId);
    return { counts: { ...counts, contacts: contacts.changed.length } };
  }

  countExpansions(tx: Queryable): Promise<number> {
    return this.person.countExpansions(tx);
  }

  /**
   * Suppressions, and addresses in errors of accounts and endpoints: mail leaves them behind besides itself.
   * Suppressions and accounts belong to all clients, so an erasure for one leaves them.
   */
  async eraseTraces(tx: Queryable, addresses: readonly string[], clientId: ErasureRange): Promise<ErasureProgress> {
    const { person } = this;
    const pattern = addressPattern(addresses);
    await person.maskEndpoints(tx, pattern, clientId);
    if (clientId !== null) return {};
    const suppressions = await person.hashSuppressions(tx, addresses);
    await person.maskAccounts(tx, pattern);
    return { counts: { suppressions } };
  }

  /**
   * Erases traces that mail left behind until now, when there is no more of it, and copies of these at accounts.
   * @returns how much is still to be waited for. A comparison that has read a suppression before it was hashed registers
   * the address at an account afterwards.
   */
  async eraseRest(write: Write, pages: readonly (readonly string[])[], clientId: ErasureRange): Promise<number> {
    for (const some of pages) await write((tx) => this.eraseTraces(tx, some, clientId));
    let pending = clientId === null ? await this.person.countComparisons() : 0;
    for (const some of pages) pending += await this.eraseCopies(write, some, clientId);
    return pending;
  }

  /** In first answers that no message leads to, such as reports of imports. */
  async eraseAnswers(write: Write, addresses: readonly string[], taken: TakenErasure): Promise<void> {
    const wanted = new Set(addresses);
    for (let after: OtherAnswer | undefined, first = true; first || after !== undefined; first = false) {
      const from = after;
      await write(async (tx) => {
        const page = await this.person.readAnswers(tx, from, taken, ANSWERS_AT_ONCE);
        after = page.at(-1);
        const changed = page.flatMap((answer) => withoutPerson(answer, wanted) ?? []);
        for (const answer of changed) await this.person.replaceAnswer(tx, answer);
        return { counts: { storedAnswers: changed.length } };
      });
    }
  }

  /**
   * On the accounts' own lists of suppressions and of contacts. The latter are kept in step by a sweep of their own.
   * @returns how many copies are still to be erased there.
   */
  async eraseCopies(write: Write, addresses: readonly string[], clientId: ErasureRange): Promise<number> {
    let pending = clientId === null ? await this.eraseSuppressionCopies(write, addresses) : 0;
    const reached = await this.lists.reached;
    await write(async (tx) => ({ kept: await this.person.forgetListed(tx, { addresses, clientId }, reached) }));
    pending += await this.person.countListed(addresses, clientId);
    return pending;
  }

  private async eraseSuppressionCopies(write: Write, addresses: readonly string[]): Promise<number> {
    let pending = 0;
    for (const { provider, addresses: there } of await this.person.findCopies(addresses)) {
      const removed = await this.takeOff((await this.stores.reach(provider, 'suppressions'))?.suppressions, there);
      if (removed === 'later') {
        pending += there.length;
        continue;
      }
      await write(async (tx) => {
        await this.person.forgetCopies(tx, provider, there);
        return removed === 'done' ? { counts: { providerCopies: there.length } } : { kept: [provider] };
      });
    }
    return pending;
  }

  /** `never`: the account cannot do it, or refuses. */
  private async takeOff(
    list: ProviderSuppressions | undefined,
    addresses: readonly string[],
  ): Promise<'done' | 'later' | 'never'> {
    if (list === undefined) return 'never';
    try {
      for (let i = 0; i < addresses.length; i += list.changeSize) {
        await list.remove(addresses.slice(i, i + list.changeSize), this.stopping);
      }
      return 'done';
    } catch (error) {
      if (error instanceof ProviderUnavailableError) return 'later';
      if (error instanceof ProviderRefusedError) return 'never';
      throw error;
    }
  }
}

/** @returns the answer without the addresses; nothing where it has none, or is sealed. */
function withoutPerson(answer: OtherAnswer, addresses: ReadonlySet<string>): OtherAnswer | undefined {
  const text = answer.response.toString('utf8');
  if (!text.includes('@') || !Buffer.from(text).equals(answer.response)) return undefined;
  const without = withoutAddresses(text, addresses);
  return without === text ? undefined : { ...answer, response: Buffer.from(withoutName(without)) };
}

/** An answer about a contact has its name and attributes, too. */
function withoutName(text: string): string {
  const body = JSON.parse(text) as unknown;
  if (typeof body !== 'object' || body === null || !('addresses' in body) || !('attributes' in body)) return text;
  return JSON.stringify({ ...body, name: null, externalId: null, attributes: {} });
}
