import { isLoopback } from './http/loopback.js';
import type { SandboxKeys } from './state/simulator.js';
import { variableName } from './vendors/sandbox-accounts.js';
import type { Vendor } from './vendors/vendor.js';
import { vendors } from './vendors/vendors.js';

/** Settings of a simulator process from the environment. Keys and secrets are sandbox values, never real ones. */
export interface SimulatorConfig {
  readonly host: string;
  readonly port: number;
  readonly bodyLimitBytes: number;
  /** Sandbox keys of the callers, by vendor. */
  readonly keys: SandboxKeys;
}

/**
 * Reads the configuration from environment variables; throws one Error naming the variable that is wrong.
 * A host that others can reach is refused unless SIMULATOR_ALLOW_REMOTE=true (containers).
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  all: readonly Pick<Vendor, 'kind' | 'keys'>[] = vendors,
): SimulatorConfig {
  const host = env['SIMULATOR_HOST'] || '127.0.0.1';
  if (!isLoopback(host) && env['SIMULATOR_ALLOW_REMOTE'] !== 'true') {
    throw new Error('SIMULATOR_HOST is not a loopback address; set SIMULATOR_ALLOW_REMOTE=true if that is wanted');
  }
  return {
    host,
    port: readPort(env['SIMULATOR_PORT'] || '3900'),
    bodyLimitBytes: 128 * 1024 * 1024,
    keys: Object.fromEntries(all.map(({ kind, keys }) => [kind, readKeys(env, kind, keys)])),
  };
}

/** Each of a vendor's keys can be replaced: `accessKey` of `ncp` by `SIMULATOR_NCP_ACCESS_KEY`. */
function readKeys(
  env: Readonly<Record<string, string | undefined>>,
  kind: string,
  keys: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(keys).map(([name, value]) => [
      name,
      env[`SIMULATOR_${kind.toUpperCase()}_${variableName(name)}`] || value,
    ]),
  );
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error('SIMULATOR_PORT is not a port number');
  return port;
}
