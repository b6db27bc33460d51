import type { Capabilities, Dialect, EmailProvider } from '@gateway/core';
import { collectFaults, type Clock, type Env, type HttpClient, type HttpClientOptions } from '@gateway/platform';
import type { ProviderVariable } from './provider-variable.js';
import { inboundVariables, readInboundToken } from './inbound-token.js';
import { limitVariables, readAccountLimits, type AccountLimits } from './account-limits.js';

/** Dependencies of an adapter. The caller owns the HTTP clients that `http` makes, and closes them. */
export interface ProviderDeps {
  readonly http: (options: HttpClientOptions) => HttpClient;
  readonly clock: Clock;
  /** The account's name, which errors and answers carry; absent: that of the kind. */
  readonly account?: string;
  /** For one HTTP call, in milliseconds. */
  readonly timeoutMs: number;
  /** Limits agreed for the account. */
  readonly limits?: AccountLimits;
  /** True: the account has a token, so pushes of the vendor reach it. */
  readonly receivesPushes?: boolean;
}

/** An account that the environment configures. */
export interface ProviderAccount {
  readonly name: string;
  readonly kind: string;
  readonly version: string;
  /** Literal values that must never appear in a log line. */
  readonly secrets: readonly string[];
  /** The token in the path by which the vendor's pushes reach this account; absent: none are received. */
  readonly inboundToken?: string | undefined;
  create(deps: ProviderDeps): EmailProvider;
}

/** The export of a provider folder. The shape of its settings stays private to the folder. */
export interface ProviderDefinition<Kind extends string = string> {
  readonly kind: Kind;
  /** Of an account with default settings; an account's own are on its `EmailProvider`. */
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
  readonly variables: readonly ProviderVariable[];
  /**
   * @param env with the account's settings under the names in `variables`, whatever they are called in the environment.
   * @param name of the account; that of the kind unless given.
   * @returns `undefined` without credentials.
   * @throws ConfigError with every fault of the account's variables.
   */
  readAccount(env: Env, name?: string): ProviderAccount | undefined;
}

export interface ProviderSpec<Kind extends string, Settings> {
  readonly kind: Kind;
  /** The vendor's API generation that these settings speak. */
  readonly version: (settings: Settings) => string;
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
  readonly variables: readonly ProviderVariable[];
  /** Reads the provider's variables; `undefined`: not configured. Throws ConfigError. */
  readonly config: (env: Env) => Settings | undefined;
  readonly secrets: (settings: Settings) => readonly string[];
  readonly create: (settings: Settings, deps: ProviderDeps) => EmailProvider;
}

export const defineProvider = <const Kind extends string, Settings>(
  spec: ProviderSpec<Kind, Settings>,
): ProviderDefinition<Kind> => ({
  kind: spec.kind,
  capabilities: spec.capabilities,
  dialect: spec.dialect,
  variables: [
    ...spec.variables,
    ...limitVariables(spec.kind, spec.capabilities.limits.quota),
    ...inboundVariables(spec.kind, spec.capabilities),
  ],
  readAccount: (env, name = spec.kind) => {
    const [settings, limits, inboundToken] = collectFaults(
      () => spec.config(env),
      () => readAccountLimits(spec.kind, env, spec.capabilities.limits.quota),
      () => readInboundToken(spec.kind, env, spec.capabilities),
    );
    if (settings === undefined) return undefined;
    return {
      name,
      kind: spec.kind,
      version: spec.version(settings),
      secrets: [...spec.secrets(settings), ...(inboundToken === undefined ? [] : [inboundToken])],
      ...(inboundToken !== undefined && { inboundToken }),
      create: (deps) =>
        spec.create(settings, { ...deps, account: name, limits, receivesPushes: inboundToken !== undefined }),
    };
  },
});
