import { Inject, Injectable } from '@nestjs/common';
import { GatewayProblem, ProviderRefusedError, type ProviderAudience, type ProviderWords } from '@gateway/core';
import { type FeatureState, ProviderFeatureRepository } from '@gateway/database';
import { CLOCK, type Clock } from '@gateway/platform';
import { AccountStores } from '../../shared/account-stores.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';

/** After this an account that has ended its lists is asked again. */
const REMEMBERED_MS = 24 * 3_600_000;

/** An account with its lists. */
export interface ListAccount {
  readonly name: string;
  /** Where its copies are kept. */
  readonly store: string;
  readonly audience: ProviderAudience;
}

/** The accounts that keep lists, and what is known of those that have ended them. */
@Injectable()
export class ListAccounts {
  constructor(
    private readonly providers: ProviderDirectory,
    private readonly stores: AccountStores,
    private readonly features: ProviderFeatureRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  get names(): readonly string[] {
    return this.providers.all.flatMap(({ name, audience }) => (audience === undefined ? [] : [name]));
  }

  /** @returns `undefined` for an account that is not there, or that keeps no lists. */
  async find(name: string): Promise<ListAccount | undefined> {
    const audience = this.providers.find(name)?.audience;
    return audience && { name, store: await this.stores.of(name), audience };
  }

  /** @returns an account through which a store of copies is reached. */
  async reach(store: string): Promise<ListAccount | undefined> {
    const provider = await this.stores.reach(store, 'audience');
    return provider?.audience && { name: provider.name, store, audience: provider.audience };
  }

  /** Stores of copies that an account reaches. */
  get reached(): Promise<readonly string[]> {
    return this.stores.names('audience');
  }

  /** Where the copies of an account are kept, configured or not. */
  storeOf(name: string): Promise<string> {
    return this.stores.of(name);
  }

  /** @throws GatewayProblem for a name that a caller gave at `pointer` and that is no such account's. */
  async mustFind(name: string, pointer: string): Promise<ListAccount> {
    const account = await this.find(name);
    if (account !== undefined) return account;
    if (this.providers.find(name) !== undefined) {
      throw new GatewayProblem('unsupported_by_provider', `${name} keeps no lists of its own.`, {
        fieldErrors: [{ pointer, code: 'not_allowed', detail: `${name} keeps no lists of its own` }],
      });
    }
    const detail = `unknown account; configured accounts: ${this.names.join(', ')}`;
    throw new GatewayProblem('validation_failed', `${pointer}: ${detail}`, {
      fieldErrors: [{ pointer, code: 'unknown_reference', detail }],
    });
  }

  /** @throws GatewayProblem `provider_retired` when it is known to have ended its lists; it is not asked then. */
  async mustHaveLists(name: string): Promise<void> {
    const state = await this.features.find(name, 'audience');
    if (state !== undefined && this.isFreshlyRetired(state)) throw retired(name, wordsOf(state));
  }

  private isFreshlyRetired({ retired: isRetired, checkedAt }: FeatureState): boolean {
    return isRetired && this.clock.now().getTime() - checkedAt.getTime() < REMEMBERED_MS;
  }

  /**
   * Does something with an account's lists, and remembers what this shows of them.
   * @throws GatewayProblem `provider_retired`, naming the way that is left.
   */
  async watching<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.noteThere(name);
      return result;
    } catch (error) {
      const words = retiredWords(error);
      if (words === undefined) throw error;
      await this.features.note(name, 'audience', words);
      throw retired(name, words);
    }
  }

  private async noteThere(name: string): Promise<void> {
    const known = await this.features.find(name, 'audience');
    if (known === undefined || known.retired) await this.features.note(name, 'audience', undefined);
  }

  /** A mail was refused because the lists have ended. */
  async noteRetired(name: string, words: ProviderWords): Promise<void> {
    await this.features.note(name, 'audience', words);
  }
}

function retiredWords(error: unknown): ProviderWords | undefined {
  if (error instanceof ProviderRefusedError && error.retired) return error.provider;
  if (error instanceof GatewayProblem && error.code === 'provider_retired') return error.provider ?? {};
  return undefined;
}

const wordsOf = ({ provider, code, message }: FeatureState): ProviderWords => ({
  name: provider,
  ...(code !== null && { code }),
  ...(message !== null && { message }),
});

const retired = (name: string, words: ProviderWords): GatewayProblem =>
  new GatewayProblem(
    'provider_retired',
    `${name} has ended its own lists of recipients. Name the gateway's groups in the audience of a message instead ` +
      '("audience": "vip", or {"all": […]}, {"any": […]}): the gateway finds the recipients, for every account.',
    { provider: words },
  );
