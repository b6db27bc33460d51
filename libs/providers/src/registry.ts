import type { EmailProvider } from '@gateway/core';
import type { Env } from '@gateway/platform';
import { readAccountsOf, type ReadingOptions } from './accounts/read-accounts.js';
import { holdsCredentials, simulatedVariables } from './accounts/sandbox-accounts.js';
import type { ProviderAccount, ProviderDefinition, ProviderDeps } from './define-provider.js';
import { ncp } from './ncp/index.js';
import { nhn } from './nhn/index.js';
import { sens } from './sens/index.js';

/** Every provider that the gateway knows. A new one is a folder and a place in this list. */
export const definitions = [ncp, nhn, sens] as const;

export type ProviderKind = (typeof definitions)[number]['kind'];

/**
 * The accounts that the environment configures. Join it with `loadConfig` in `collectFaults`, so that an operator sees
 * the faults of both at once.
 * @throws ConfigError with every fault of every account's variables.
 */
export const readAccounts = (
  env: Env,
  all: readonly ProviderDefinition[] = definitions,
  options: ReadingOptions = {},
): readonly ProviderAccount[] => readAccountsOf(env, all, options);

/** Does the environment hold anything by which a vendor would know an account? */
export const hasCredentials = (env: Env): boolean => holdsCredentials(env, definitions);

/**
 * The variables by which the accounts of an environment use a simulator.
 * @param simulated those of one account of each kind, as the simulator gives them.
 */
export const sandboxVariables = (env: Env, simulated: Env): Env => simulatedVariables(env, simulated, definitions);

/** @throws ConfigError as `readAccounts`. */
export const createProviders = (env: Env, deps: ProviderDeps): readonly EmailProvider[] =>
  readAccounts(env).map((account) => account.create(deps));

/** By preference: those that `order` names, in its order, then the others. */
export function inOrder(providers: readonly EmailProvider[], order: readonly string[]): readonly EmailProvider[] {
  const rank = ({ name }: EmailProvider): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...providers].sort((a, b) => rank(a) - rank(b));
}
