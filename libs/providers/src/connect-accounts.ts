import type { EmailProvider } from '@gateway/core';
import { createHttpClient, systemClock, type GatewayConfig, type HttpClient } from '@gateway/platform';
import { watchSecrets, type SecretWatch } from './accounts/watch-secrets.js';
import type { ProviderAccount } from './define-provider.js';
import { inOrder } from './registry.js';
import { expectSimulator, type SandboxConfig } from './sandbox-gate.js';

/** Accounts with connections of their own, as one process holds them. */
export interface ConnectedAccounts {
  readonly providers: readonly EmailProvider[];
  /** `listener` is called with the name of each account that goes over to new secrets. */
  readonly onNewSecrets: (listener: (account: string) => void) => void;
  /** Waits for running requests, then closes the connections. */
  readonly close: () => Promise<void>;
}

/**
 * In the order of preference. Connections open with the first request. Secrets in files are followed while it is open,
 * if there is a `watch`.
 * @throws ConfigError in a sandbox, for an account that is not the simulator's
 */
export function connectAccounts(
  accounts: readonly ProviderAccount[],
  config: Pick<GatewayConfig, 'providerTimeoutMs' | 'providerOrder'> & SandboxConfig,
  watch?: Omit<SecretWatch, 'onNewSecrets'>,
): ConnectedAccounts {
  const { providerTimeoutMs: timeoutMs, providerOrder } = config;
  const clients: HttpClient[] = [];
  const providers = accounts.map((account) =>
    account.create({
      http: (options) => {
        expectSimulator(account.name, options, config);
        const client = createHttpClient(options);
        clients.push(client);
        return client;
      },
      clock: systemClock,
      timeoutMs,
    }),
  );
  const listeners: ((account: string) => void)[] = [];
  const onNewSecrets = (account: string): void => listeners.forEach((tell) => tell(account));
  const endWatch = watch === undefined ? () => undefined : watchSecrets(accounts, { ...watch, onNewSecrets });
  return {
    providers: inOrder(providers, providerOrder),
    onNewSecrets: (listener) => void listeners.push(listener),
    close: async () => {
      endWatch();
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
