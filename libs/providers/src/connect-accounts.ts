import type { EmailProvider } from '@gateway/core';
import { createHttpClient, systemClock, type HttpClient } from '@gateway/platform';
import type { ProviderAccount } from './define-provider.js';

/** Accounts with connections of their own, as one process holds them. */
export interface ConnectedAccounts {
  readonly providers: readonly EmailProvider[];
  /** Waits for running requests, then closes the connections. */
  readonly close: () => Promise<void>;
}

/** Connections open with the first request. */
export function connectAccounts(accounts: readonly ProviderAccount[], timeoutMs: number): ConnectedAccounts {
  const clients: HttpClient[] = [];
  const providers = accounts.map((account) =>
    account.create({
      http: (options) => {
        const client = createHttpClient(options);
        clients.push(client);
        return client;
      },
      clock: systemClock,
      timeoutMs,
    }),
  );
  return { providers, close: async () => void (await Promise.all(clients.map((client) => client.close()))) };
}
