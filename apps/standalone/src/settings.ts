import { resolve } from 'node:path';
import { collectFaults, ConfigError, loadConfig, type Env, type GatewayConfig } from '@gateway/platform';
import { definitions, hasCredentials, readAccounts, type ProviderAccount } from '@gateway/providers';

export interface LauncherSettings {
  readonly config: GatewayConfig;
  /** True: the simulator stands in for the providers. */
  readonly sandbox: boolean;
  /** Absolute. */
  readonly dataDir: string;
}

/** @throws ConfigError with all faults, including real accounts beside SANDBOX=true. */
export const readSettings = (env: Env): LauncherSettings => {
  const [config, accounts] = collectFaults(
    () => loadConfig(env),
    () => readRealAccounts(env),
    () => checkDatabase(env),
  );
  const sandbox = config.sandbox ?? accounts.length === 0;
  return { config, sandbox, dataDir: resolve(config.dataDir) };
};

const checkDatabase = (env: Env): void => {
  const isGiven = (name: string): boolean => isSet(env, name) || isSet(env, `${name}_FILE`);
  if (isGiven('DATABASE_URL') || !isGiven('DATABASE_MIGRATION_URL')) return;
  throw new ConfigError([{ variable: 'DATABASE_URL', problem: 'must be set together with DATABASE_MIGRATION_URL' }]);
};

const isSet = (env: Env, name: string): boolean => (env[name] ?? '').trim() !== '';

/** The launcher is where real credentials and the simulator could meet; any account of any vendor counts. */
const readRealAccounts = (env: Env): readonly ProviderAccount[] => {
  if (!/^(true|1|yes|on)$/i.test((env['SANDBOX'] ?? '').trim())) return readAccounts(env);
  const [accounts] = collectFaults(
    () => readAccounts(env, definitions, { sandbox: true }),
    () => expectNoCredentials(env),
  );
  return accounts;
};

const expectNoCredentials = (env: Env): void => {
  if (!hasCredentials(env)) return;
  throw new ConfigError([
    {
      variable: 'SANDBOX',
      problem: 'must not be true together with provider credentials: the simulator is never used beside real accounts',
    },
  ]);
};
