import type { Env } from '@gateway/platform';
import type { ProviderDefinition } from '../define-provider.js';
import { isInboundToken } from '../inbound-token.js';
import { assignVariables } from './account-variables.js';

/** Does the environment hold anything by which a vendor would know an account? */
export const holdsCredentials = (env: Env, all: readonly ProviderDefinition[]): boolean =>
  assignVariables(env, all).accounts.some(({ definition, env: settings, files }) =>
    definition.variables.some(
      ({ name, secret }) =>
        secret === true &&
        !isInboundToken(name) &&
        (settings[name] !== undefined || files.some(({ setting }) => setting === name)),
    ),
  );

/**
 * The variables by which the accounts of an environment use a simulator.
 * @param simulated those of one account of each kind, under the kind's names.
 */
export const simulatedVariables = (env: Env, simulated: Env, all: readonly ProviderDefinition[]): Env =>
  Object.fromEntries(
    assignVariables(env, all).accounts.flatMap(({ definition, spelled, env: settings }) =>
      definition.variables
        .filter(({ name }) => simulated[name] !== undefined)
        .filter(({ onlyWith }) => onlyWith === undefined || settings[onlyWith] !== undefined)
        .map(({ name }) => [spelled(name), simulated[name]]),
    ),
  );
