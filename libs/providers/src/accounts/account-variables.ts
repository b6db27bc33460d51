import { FILE_SUFFIX, readSecretFile, withoutEmpty, type ConfigFault, type Env } from '@gateway/platform';
import type { ProviderDefinition } from '../define-provider.js';
import type { SettingFile } from './account-files.js';
import { inVariables, readAccountNames } from './account-names.js';

/** An account that the environment names, and its settings. */
export interface NamedAccount {
  readonly name: string;
  readonly definition: ProviderDefinition;
  /** Settings under the names of the kind's own variables. */
  readonly env: Env;
  /** The name that a setting has in the environment: `NCP_ACCESS_KEY` → `ACCOUNT_NCP_MARKETING_ACCESS_KEY`. */
  readonly spelled: (variable: string) => string;
  /** Whether missing credentials are a fault; otherwise the account then does not exist. */
  readonly mustExist: boolean;
  /** Settings of which the environment only says in which file they are. */
  readonly files: readonly SettingFile[];
}

export interface AssignedVariables {
  readonly accounts: readonly NamedAccount[];
  /** Variables that belong to no account, or to one twice. */
  readonly faults: readonly ConfigFault[];
}

const PREFIX = 'ACCOUNT_';

/** Set by Kubernetes for a service called `account` or like a vendor; never a setting. */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?$/;

const prefixOf = ({ kind }: ProviderDefinition): string => `${inVariables(kind)}_`;

/** Gives each variable to the account that it belongs to. */
export function assignVariables(given: Env, all: readonly ProviderDefinition[]): AssignedVariables {
  const env = withoutEmpty(given);
  const { names, faults } = readAccountNames(env['ACCOUNTS']);
  const found = (names ?? all.map(({ kind }) => kind)).map((name) => draftOf(name, env, all));
  const drafts = found.filter((draft): draft is Draft => 'definition' in draft);
  const problems = [...faults, ...found.flatMap((draft) => ('problem' in draft ? [draft] : []))];
  for (const variable of Object.keys(env).sort()) {
    const problem = SERVICE_LINK.test(variable) ? undefined : assign(variable, { env, names, all, drafts });
    if (problem !== undefined) problems.push({ variable, problem });
  }
  const accounts = drafts.map((draft) => named(draft, env, { mustExist: names !== undefined, problems }));
  return { accounts, faults: problems.map(({ variable, problem }) => ({ variable, problem })) };
}

function named(
  { name, definition, settings }: Draft,
  env: Env,
  { mustExist, problems }: { readonly mustExist: boolean; readonly problems: ConfigFault[] },
): NamedAccount {
  const files: SettingFile[] = [];
  const values: Record<string, string | undefined> = {};
  for (const [setting, variable] of settings) {
    const text = env[variable];
    if (text === undefined || !isFile(variable, setting)) {
      values[setting] = text;
      continue;
    }
    const path = text.trim();
    files.push({ setting, variable, path });
    const read = readSecretFile(path);
    if ('value' in read) values[setting] = read.value;
    else problems.push({ variable, problem: read.problem });
  }
  const spelled = (setting: string): string => settings.get(setting) ?? spellingOf(name, definition, setting);
  return { name, definition, env: values, files, mustExist, spelled };
}

/** No setting's own name ends so. */
const isFile = (variable: string, setting: string): boolean =>
  variable.endsWith(FILE_SUFFIX) && !setting.endsWith(FILE_SUFFIX);

interface Draft {
  readonly name: string;
  readonly definition: ProviderDefinition;
  /** Names of the kind's variables, and what they are called here. */
  readonly settings: Map<string, string>;
}

function draftOf(name: string, env: Env, all: readonly ProviderDefinition[]): Draft | ConfigFault {
  const variable = `${PREFIX}${inVariables(name)}_KIND`;
  const kind = env[variable]?.trim().toLowerCase();
  const namesake = all.find((definition) => definition.kind === name);
  const definition = kind === undefined ? namesake : all.find((one) => one.kind === kind);
  if (definition === undefined) {
    return { variable, problem: `must be set to one of ${all.map((one) => one.kind).join(', ')}` };
  }
  if (namesake !== undefined && namesake !== definition) {
    return { variable, problem: 'must be absent or the name of the account, which is that of a kind' };
  }
  return { name, definition, settings: new Map() };
}

interface Environment {
  readonly env: Env;
  readonly names: readonly string[] | undefined;
  readonly all: readonly ProviderDefinition[];
  readonly drafts: readonly Draft[];
}

/** @returns what is wrong with it. */
function assign(variable: string, environment: Environment): string | undefined {
  return variable.startsWith(PREFIX) ? assignNamed(variable, environment) : assignOfKind(variable, environment);
}

/** `ACCOUNT_<NAME>_<SETTING>`: names may begin alike, so the longest that makes sense has it. */
function assignNamed(variable: string, { names, drafts }: Environment): string | undefined {
  if (names === undefined) return 'must not be set without ACCOUNTS, which names the accounts';
  const prefixes = names.map((name) => [name, `${PREFIX}${inVariables(name)}_`] as const);
  const owners = prefixes
    .filter(([, prefix]) => variable.startsWith(prefix))
    .sort(([, a], [, b]) => b.length - a.length);
  if (owners.length === 0) return 'belongs to no account that ACCOUNTS names';
  const ofUnknownKind = owners.some(([name]) => drafts.every((draft) => draft.name !== name));
  for (const [name, prefix] of owners) {
    const setting = variable.slice(prefix.length);
    const draft = drafts.find((one) => one.name === name);
    if (setting === 'KIND') return undefined;
    const known = draft && settingOf(draft.definition, prefixOf(draft.definition) + setting);
    if (draft !== undefined && known !== undefined) return put(draft, known, variable);
  }
  // Its kind is the fault, and has been reported.
  return ofUnknownKind ? undefined : 'is not a setting of an account of this kind';
}

/** `NCP_…`: the account that is called like the kind. */
function assignOfKind(variable: string, { names, all, drafts }: Environment): string | undefined {
  const definition = all.find((one) => variable.startsWith(prefixOf(one)));
  if (definition === undefined) return undefined;
  const { kind } = definition;
  if (names !== undefined && !names.includes(kind)) {
    return `is a setting of the account ${kind}, which ACCOUNTS does not name`;
  }
  const draft = drafts.find(({ name }) => name === kind);
  const setting = settingOf(definition, variable);
  return draft === undefined || setting === undefined ? undefined : put(draft, setting, variable);
}

/** @returns the kind's own name of the setting that a variable gives, by itself or by a file. */
const settingOf = ({ variables }: ProviderDefinition, variable: string): string | undefined =>
  variables.find(({ name, secret }) => name === variable || (secret === true && name + FILE_SUFFIX === variable))?.name;

function put({ settings }: Draft, setting: string, variable: string): string | undefined {
  const other = settings.get(setting);
  if (other !== undefined) return `is the same setting as ${other}; only one of them may be set`;
  settings.set(setting, variable);
  return undefined;
}

const spellingOf = (name: string, definition: ProviderDefinition, setting: string): string => {
  const prefix = prefixOf(definition);
  if (name === definition.kind || !setting.startsWith(prefix)) return setting;
  return `${PREFIX}${inVariables(name)}_${setting.slice(prefix.length)}`;
};
