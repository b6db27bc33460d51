import { collectFaults, envVariable, parseEnv, type Env } from '@gateway/platform';
import { z } from 'zod';
import type { ServiceAccess } from '../naver/signed-api.js';
import type { SuccessMeans } from '../naver/track/words.js';
import type { ProviderVariable } from '../provider-variable.js';

const DEFAULT_BASE_URL = 'https://mail.apigw.ntruss.com/api/v1';

/** The path of the base URL chooses the region and is part of what is signed (ncp.md §1.1). */
export interface NcpSettings extends ServiceAccess {
  /** Meaning of status `S`. */
  readonly successMeans: SuccessMeans;
}

export const ncpVariables: readonly ProviderVariable[] = [
  { name: 'NCP_BASE_URL', default: DEFAULT_BASE_URL, description: 'Region and zone; the path prefix is signed' },
  { name: 'NCP_ACCESS_KEY', secret: true, required: true, description: 'With NCP_SECRET_KEY: the account ncp exists' },
  { name: 'NCP_SECRET_KEY', secret: true, required: true, description: 'With NCP_ACCESS_KEY: the account ncp exists' },
  { name: 'NCP_SUCCESS_MEANS', default: 'delivered', description: 'Meaning of NCP status S: delivered or sent' },
];

const optionsSchema = z.object({
  NCP_BASE_URL: envVariable.url('https', 'http').default(DEFAULT_BASE_URL),
  NCP_SUCCESS_MEANS: z.enum(['delivered', 'sent']).default('delivered'),
});

const keysSchema = z
  .object({ NCP_ACCESS_KEY: envVariable.secret().optional(), NCP_SECRET_KEY: envVariable.secret().optional() })
  .refine((keys) => keys.NCP_ACCESS_KEY !== undefined || keys.NCP_SECRET_KEY === undefined, {
    path: ['NCP_ACCESS_KEY'],
    message: 'must be set too, as NCP_SECRET_KEY is',
  })
  .refine((keys) => keys.NCP_SECRET_KEY !== undefined || keys.NCP_ACCESS_KEY === undefined, {
    path: ['NCP_SECRET_KEY'],
    message: 'must be set too, as NCP_ACCESS_KEY is',
  });

/** @returns `undefined` without keys. @throws ConfigError with every fault. */
export function readNcpSettings(env: Env): NcpSettings | undefined {
  const [options, keys] = collectFaults(
    () => parseEnv(optionsSchema, env),
    () => parseEnv(keysSchema, env),
  );
  const { NCP_ACCESS_KEY: accessKey, NCP_SECRET_KEY: secretKey } = keys;
  if (accessKey === undefined || secretKey === undefined) return undefined;
  return { baseUrl: options.NCP_BASE_URL, accessKey, secretKey, successMeans: options.NCP_SUCCESS_MEANS };
}
