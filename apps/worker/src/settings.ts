import { ConfigError, collectFaults, loadConfig, type Env, type GatewayConfig } from '@gateway/platform';
import { readAccounts, type ProviderAccount } from '@gateway/providers';

export interface WorkerSettings {
  readonly config: GatewayConfig;
  readonly databaseUrl: string;
  readonly accounts: readonly ProviderAccount[];
}

/** @throws ConfigError with all faults of the environment. */
export function readSettings(env: Env): WorkerSettings {
  const [config, accounts, databaseUrl] = collectFaults(
    () => loadConfig(env),
    () => readAccounts(env),
    () => requireDatabase(env),
  );
  return { config, accounts, databaseUrl };
}

function requireDatabase(env: Env): string {
  const url = env['DATABASE_URL']?.trim();
  if (url) return url;
  throw new ConfigError([
    { variable: 'DATABASE_URL', problem: 'must be set for a worker of its own ("npm start" sets it)' },
  ]);
}
