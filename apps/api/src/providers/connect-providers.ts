import { connectAccounts, inOrder, type ConnectedAccounts } from '@gateway/providers';
import type { ApiSettings } from '../settings.js';

/** The accounts in the order of preference. The api asks them what they can do and administers them (ADR 12). */
export function connectProviders({ accounts, config }: ApiSettings): ConnectedAccounts {
  const { providers, close } = connectAccounts(accounts, config.providerTimeoutMs);
  return { providers: inOrder(providers, config.providerOrder), close };
}
