import { collectFaults, envVariable, parseEnv, type Env } from '@gateway/platform';
import { z } from 'zod';
import type { ProviderVariable } from '../provider-variable.js';

const DEFAULT_BASE_URL = 'https://email.api.nhncloudservice.com';

/** Oldest first: what came with a version stays in the later ones (nhn.md §6.1). */
export const nhnVersions = ['v1.5', 'v1.6', 'v1.7', 'v2.0', 'v2.1'] as const;
export type NhnVersion = (typeof nhnVersions)[number];

/** Is this version the given one or later? */
export const isFrom = (version: NhnVersion, first: NhnVersion): boolean =>
  nhnVersions.indexOf(version) >= nhnVersions.indexOf(first);

export interface NhnSettings {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** In the path of every request; in v1.5 as secret as a password. */
  readonly appKey: string;
  /** Sent from v2.0 on. */
  readonly secretKey?: string;
  readonly version: NhnVersion;
}

export const nhnVariables: readonly ProviderVariable[] = [
  { name: 'NHN_BASE_URL', default: DEFAULT_BASE_URL, description: 'Where NHN Cloud Email answers' },
  { name: 'NHN_APP_KEY', secret: true, required: true, description: 'Set: the account nhn exists' },
  { name: 'NHN_SECRET_KEY', secret: true, description: 'Needed and sent from API version v2.0 on' },
  { name: 'NHN_API_VERSION', default: 'v1.5', description: `One of ${nhnVersions.join(', ')}` },
];

const placeSchema = z.object({
  NHN_BASE_URL: envVariable.url('https', 'http').default(DEFAULT_BASE_URL),
});

const accountSchema = z
  .object({
    NHN_APP_KEY: envVariable.secret().optional(),
    NHN_SECRET_KEY: envVariable.secret().optional(),
    NHN_API_VERSION: z.enum(nhnVersions).default('v1.5'),
  })
  .refine((account) => account.NHN_APP_KEY !== undefined || account.NHN_SECRET_KEY === undefined, {
    path: ['NHN_APP_KEY'],
    message: 'must be set too, as NHN_SECRET_KEY is',
  })
  .refine(
    (account) =>
      account.NHN_APP_KEY === undefined ||
      account.NHN_SECRET_KEY !== undefined ||
      !isFrom(account.NHN_API_VERSION, 'v2.0'),
    { path: ['NHN_SECRET_KEY'], message: 'must be set for NHN_API_VERSION v2.0 and later' },
  );

/** @returns `undefined` without app key. @throws ConfigError with every fault. */
export function readNhnSettings(env: Env): NhnSettings | undefined {
  const [place, account] = collectFaults(
    () => parseEnv(placeSchema, env),
    () => parseEnv(accountSchema, env),
  );
  const { NHN_APP_KEY: appKey, NHN_SECRET_KEY: secretKey, NHN_API_VERSION: version } = account;
  if (appKey === undefined) return undefined;
  return { baseUrl: place.NHN_BASE_URL, appKey, ...(secretKey !== undefined && { secretKey }), version };
}
