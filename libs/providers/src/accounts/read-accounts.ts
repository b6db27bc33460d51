import { collectFaults, ConfigError, type ConfigFault, type Env } from '@gateway/platform';
import type { ProviderAccount, ProviderDefinition } from '../define-provider.js';
import { AccountFiles, type FileValues } from './account-files.js';
import { assignVariables, type NamedAccount } from './account-variables.js';
import { FileAccount } from './file-account.js';

/** `sandbox`: accounts may be named without credentials, as the simulator has them. */
export interface ReadingOptions {
  readonly sandbox?: boolean;
}

/**
 * The accounts that the environment configures: those that `ACCOUNTS` names, in its order; without it at most one of
 * each kind, which has the kind's name.
 * @throws ConfigError with every fault of every account's variables. No value is in it.
 */
export function readAccountsOf(
  env: Env,
  all: readonly ProviderDefinition[],
  { sandbox = false }: ReadingOptions = {},
): readonly ProviderAccount[] {
  const { accounts: found, faults } = assignVariables(env, all);
  const accounts = found.map((account) => ({ ...account, mustExist: account.mustExist && !sandbox }));
  const [, , ...read] = collectFaults(
    () => expectNone(faults),
    () => expectNone(faultsOfOrder(env['PROVIDER_ORDER'], accounts)),
    ...accounts.map((account) => () => readAccount(account, faults)),
  );
  return read.filter((account) => account !== undefined);
}

/** Without any account there is nothing to compare with: a sandbox brings its own. */
function faultsOfOrder(order: string | undefined, accounts: readonly NamedAccount[]): readonly ConfigFault[] {
  const names = accounts.filter((account) => account.mustExist || hasCredentials(account)).map(({ name }) => name);
  if (names.length === 0) return [];
  const wanted = (order ?? '').split(',').map((name) => name.trim().toLowerCase());
  return [...wanted.entries()]
    .filter(([, name]) => name !== '' && !names.includes(name))
    .map(([i]) => ({
      variable: 'PROVIDER_ORDER',
      problem: `entry ${i + 1} is the name of no account; configured accounts: ${names.join(', ')}`,
    }));
}

const hasCredentials = ({ definition, env }: NamedAccount): boolean =>
  definition.variables.some(({ name, required }) => required === true && env[name] !== undefined);

function expectNone(faults: readonly ConfigFault[]): undefined {
  if (faults.length > 0) throw new ConfigError(faults);
  return undefined;
}

/** @param known faults that need no second one: a file that cannot be read leaves its setting unset. */
function readAccount(named: NamedAccount, known: readonly ConfigFault[]): ProviderAccount | undefined {
  try {
    return withFiles(named, readOnce(named, named.env));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.faults.filter((fault) => known.every(({ variable }) => variable !== fault.variable)));
  }
}

function withFiles(named: NamedAccount, account: ProviderAccount | undefined): ProviderAccount | undefined {
  const { env, files } = named;
  if (account === undefined || files.length === 0) return account;
  const values: FileValues = Object.fromEntries(files.map(({ setting }) => [setting, env[setting] ?? '']));
  return new FileAccount(account, new AccountFiles(files, values), (now) => readOnce(named, { ...env, ...now }));
}

function readOnce({ name, definition, spelled, mustExist }: NamedAccount, env: Env): ProviderAccount | undefined {
  const account = withNames(spelled, () => definition.readAccount(env, name));
  if (account !== undefined || !mustExist) return account;
  const missing = definition.variables.filter(
    ({ name: variable, required }) => required === true && env[variable] === undefined,
  );
  throw new ConfigError(
    missing.map((variable) => ({
      variable: spelled(variable.name),
      problem: `must be set, as ACCOUNTS names the account ${name}`,
    })),
  );
}

/** Reports faults under the names that the operator gave the variables. */
function withNames<T>(spelled: (variable: string) => string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      error.faults.map(({ variable, problem }) => ({
        variable: spelled(variable),
        problem: problem.replaceAll(/\b[A-Z][A-Z\d]*_[A-Z\d_]+\b/g, spelled),
      })),
    );
  }
}
