import { collectFaults, envVariable, parseEnv, type Env } from '@gateway/platform';
import type { ProviderVariable } from '@gateway/providers';
import { z } from 'zod';

const DEFAULT_BASE_URL = 'https://api.acme.example';

export interface AcmeSettings {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly token: string;
  /** Signs the vendor's pushes. */
  readonly pushSecret: string;
}

export const acmeVariables: readonly ProviderVariable[] = [
  { name: 'ACME_BASE_URL', default: DEFAULT_BASE_URL, description: 'Where Acme answers' },
  { name: 'ACME_TOKEN', secret: true, required: true, description: 'With ACME_PUSH_SECRET: the account acme exists' },
  { name: 'ACME_PUSH_SECRET', secret: true, required: true, description: 'With ACME_TOKEN: the account acme exists' },
];

const placeSchema = z.object({ ACME_BASE_URL: envVariable.url('https', 'http').default(DEFAULT_BASE_URL) });

const keysSchema = z
  .object({ ACME_TOKEN: envVariable.secret().optional(), ACME_PUSH_SECRET: envVariable.secret().optional() })
  .refine((keys) => (keys.ACME_TOKEN === undefined) === (keys.ACME_PUSH_SECRET === undefined), {
    path: ['ACME_PUSH_SECRET'],
    message: 'must be set exactly if ACME_TOKEN is',
  });

/** @returns `undefined` without keys. @throws ConfigError with every fault. */
export function readAcmeSettings(env: Env): AcmeSettings | undefined {
  const [place, keys] = collectFaults(
    () => parseEnv(placeSchema, env),
    () => parseEnv(keysSchema, env),
  );
  const { ACME_TOKEN: token, ACME_PUSH_SECRET: pushSecret } = keys;
  if (token === undefined || pushSecret === undefined) return undefined;
  return { baseUrl: place.ACME_BASE_URL, token, pushSecret };
}
