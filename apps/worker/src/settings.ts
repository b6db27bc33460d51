import {
  ConfigError,
  collectFaults,
  configSecrets,
  loadConfig,
  SecretTexts,
  type Env,
  type GatewayConfig,
} from '@gateway/platform';
import { readAccounts, type ProviderAccount } from '@gateway/providers';

export interface WorkerSettings {
  readonly config: GatewayConfig;
  readonly databaseUrl: string;
  readonly accounts: readonly ProviderAccount[];
  /** Credentials that no log line may show. */
  readonly secrets: SecretTexts;
}

/** @throws ConfigError with all faults of the environment. */
export function readSettings(env: Env): WorkerSettings {
  const [config, accounts] = collectFaults(
    () => loadConfig(env),
    () => readAccounts(env),
    () => requireDatabase(env),
  );
  const secrets = new SecretTexts([...configSecrets(config), ...accounts.flatMap((account) => account.secrets)]);
  const { databaseUrl = '' } = config;
  return { config, accounts, secrets, databaseUrl };
}

function requireDatabase(env: Env): void {
  if ([env['DATABASE_URL'], env['DATABASE_URL_FILE']].some((value) => (value ?? '').trim() !== '')) return;
  throw new ConfigError([
    { variable: 'DATABASE_URL', problem: 'must be set for a worker of its own ("npm start" sets it)' },
  ]);
}
