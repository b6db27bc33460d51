import { connectAccounts, type ConnectedAccounts } from '@gateway/providers';
import type { ApiSettings } from '../settings.js';

/** The accounts in the order of preference. The api asks them what they can do and administers them (ADR 12). */
export function connectProviders({ accounts, config }: ApiSettings): ConnectedAccounts {
  const { providers, close } = connectAccounts(accounts, config.providerTimeoutMs);
  const rank = (name: string): number => {
    const index = config.providerOrder.indexOf(name);
    return index < 0 ? config.providerOrder.length : index;
  };
  return { providers: providers.toSorted((a, b) => rank(a.name) - rank(b.name)), close };
}
