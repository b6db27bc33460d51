import { ConfigError, type GatewayConfig, type HttpClientOptions } from '@gateway/platform';

/** The part of the configuration that decides which providers a process may contact. */
export type SandboxConfig = Pick<GatewayConfig, 'sandbox' | 'simulatorUrl'>;

/**
 * In a sandbox only the simulator is contacted: an account with real credentials would send real mail while the gateway
 * says that none leaves this machine.
 * @throws ConfigError with the account and the address that it would have contacted
 */
export function expectSimulator(
  account: string,
  { baseUrl }: Pick<HttpClientOptions, 'baseUrl'>,
  { sandbox, simulatorUrl }: SandboxConfig,
): void {
  if (sandbox !== true) return;
  if (simulatorUrl === undefined) {
    throw new ConfigError([
      { variable: 'SIMULATOR_URL', problem: 'must be set with SANDBOX=true ("npm start" and sandbox.env set it)' },
    ]);
  }
  const [wanted, allowed] = [new URL(baseUrl).origin, new URL(simulatorUrl).origin];
  if (wanted === allowed) return;
  const problem = `is true, but the account "${account}" would contact ${wanted}; only the simulator at ${allowed} is contacted in a sandbox`;
  throw new ConfigError([{ variable: 'SANDBOX', problem }]);
}
