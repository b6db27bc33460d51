import { ConfigError, collectFaults, loadConfig, type Env, type GatewayConfig } from '@gateway/platform';
import { readAccounts, type ProviderAccount } from '@gateway/providers';

export interface ApiSettings {
  readonly config: GatewayConfig;
  readonly databaseUrl: string;
  readonly accounts: readonly ProviderAccount[];
  /** True: a simulator stands in for the providers. */
  readonly sandbox: boolean;
}

/** @throws ConfigError with all faults of the environment. */
export function readSettings(env: Env): ApiSettings {
  const [config, accounts, databaseUrl] = collectFaults(
    () => loadConfig(env),
    () => readAccounts(env),
    () => requireDatabase(env),
  );
  return { config, accounts, databaseUrl, sandbox: config.sandbox ?? false };
}

function requireDatabase(env: Env): string {
  const url = env['DATABASE_URL']?.trim();
  if (url) return url;
  throw new ConfigError([
    { variable: 'DATABASE_URL', problem: 'must be set for an api of its own ("npm start" sets it)' },
  ]);
}
