import { resolve } from 'node:path';
import {
  collectFaults,
  ConfigError,
  loadConfig,
  type ConfigFault,
  type Env,
  type GatewayConfig,
} from '@gateway/platform';

export interface LauncherSettings {
  readonly config: GatewayConfig;
  /** True: the simulator stands in for the providers. */
  readonly sandbox: boolean;
  /** Absolute. */
  readonly dataDir: string;
}

/** @throws ConfigError with all faults, also of how credentials and SANDBOX go together. */
export const readSettings = (env: Env): LauncherSettings => {
  const [config] = collectFaults(
    () => loadConfig(env),
    () => checkCredentials(env),
  );
  const sandbox = config.sandbox ?? !hasCredentials(env);
  return { config, sandbox, dataDir: resolve(config.dataDir) };
};

const isSet = (env: Env, name: string): boolean => (env[name] ?? '').trim() !== '';

const hasCredentials = (env: Env): boolean =>
  (isSet(env, 'NCP_ACCESS_KEY') && isSet(env, 'NCP_SECRET_KEY')) || isSet(env, 'NHN_APP_KEY');

// The launcher is where credentials and the simulator could meet, so it knows these names.
const checkCredentials = (env: Env): void => {
  const faults: ConfigFault[] = [];
  const half = isSet(env, 'NCP_ACCESS_KEY') !== isSet(env, 'NCP_SECRET_KEY');
  if (half) {
    const [missing, given] = isSet(env, 'NCP_ACCESS_KEY')
      ? ['NCP_SECRET_KEY', 'NCP_ACCESS_KEY']
      : ['NCP_ACCESS_KEY', 'NCP_SECRET_KEY'];
    faults.push({ variable: missing, problem: `must be set together with ${given}` });
  }
  if (/^(true|1|yes|on)$/i.test((env['SANDBOX'] ?? '').trim()) && hasCredentials(env)) {
    faults.push({
      variable: 'SANDBOX',
      problem: 'must not be true together with provider credentials: the simulator is never used beside real accounts',
    });
  }
  if (faults.length > 0) throw new ConfigError(faults);
};
