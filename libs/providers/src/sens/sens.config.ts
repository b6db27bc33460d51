import { collectFaults, envVariable, parseEnv, type ConfigFault, ConfigError, type Env } from '@gateway/platform';
import { z } from 'zod';
import type { ServiceAccess } from '../naver/signed-api.js';
import type { SuccessMeans } from '../naver/track/words.js';
import type { ProviderVariable } from '../provider-variable.js';

const DEFAULT_BASE_URL = 'https://sens.apigw.ntruss.com';

export interface SensSettings extends ServiceAccess {
  /** The NRN of the project's mail service, with its colons: `ncp:mail:kr:100000000002:main` (sens.md §1.2). */
  readonly serviceId: string;
  /** Meaning of status `COMPLETED`. */
  readonly successMeans: SuccessMeans;
  /** API v1 of the same project, which a migrated one has until v1 ends. */
  readonly v1?: V1Settings;
}

export interface V1Settings extends ServiceAccess {
  /**
   * `send`: files are uploaded to v1, and mail refers to them there. 2026-11, sens.md §2.2: no document says whether v2
   * takes such files, so it is for an operator to try.
   */
  readonly files: 'refuse' | 'send';
}

const V1 = {
  baseUrl: 'SENS_V1_BASE_URL',
  accessKey: 'SENS_V1_ACCESS_KEY',
  secretKey: 'SENS_V1_SECRET_KEY',
  files: 'SENS_V1_FILES',
} as const;

const credentials = (name: string, description: string, secret: boolean): ProviderVariable => ({
  name,
  description,
  required: true,
  ...(secret && { secret }),
});

export const sensVariables: readonly ProviderVariable[] = [
  { name: 'SENS_BASE_URL', default: DEFAULT_BASE_URL, description: 'Zone; a path in it is signed' },
  credentials('SENS_SERVICE_ID', 'NRN of the mail service, `ncp:mail:kr:…`; with both keys: the account exists', false),
  credentials('SENS_ACCESS_KEY', 'With SENS_SECRET_KEY and SENS_SERVICE_ID: the account sens exists', true),
  credentials('SENS_SECRET_KEY', 'With SENS_ACCESS_KEY and SENS_SERVICE_ID: the account sens exists', true),
  { name: 'SENS_SUCCESS_MEANS', default: 'delivered', description: 'delivered or sent, which is what COMPLETED means' },
  ...[
    {
      name: V1.baseUrl,
      description: 'API v1 of the same project, for templates, lists and unsubscribers; unset: none',
    },
    { name: V1.accessKey, secret: true, description: 'For v1; unset: the keys for v2' },
    { name: V1.secretKey, secret: true, description: 'For v1; unset: the keys for v2' },
    { name: V1.files, default: 'refuse', description: 'send: attachments are uploaded to v1 (not documented)' },
  ].map((variable) => ({ ...variable, onlyWith: V1.baseUrl })),
];

const optionsSchema = z.object({
  SENS_BASE_URL: envVariable.url('https', 'http').default(DEFAULT_BASE_URL),
  SENS_SUCCESS_MEANS: z.enum(['delivered', 'sent']).default('delivered'),
});

/** Colons may be written as in a URL that was copied. */
const serviceId = envVariable
  .secret(200)
  .transform((text) => text.replace(/%3a/gi, ':'))
  .refine((text) => /^[\w:.-]+$/.test(text), 'must be the NRN of a mail service, as ncp:mail:kr:100000000002:main');

const credentialsSchema = z.object({
  SENS_SERVICE_ID: serviceId.optional(),
  SENS_ACCESS_KEY: envVariable.secret().optional(),
  SENS_SECRET_KEY: envVariable.secret().optional(),
});

const v1Schema = z.object({
  SENS_V1_BASE_URL: envVariable.url('https', 'http').optional(),
  SENS_V1_ACCESS_KEY: envVariable.secret().optional(),
  SENS_V1_SECRET_KEY: envVariable.secret().optional(),
  SENS_V1_FILES: z.enum(['refuse', 'send']).optional(),
});

/** @returns `undefined` without credentials. @throws ConfigError with every fault. */
export function readSensSettings(env: Env): SensSettings | undefined {
  const [options, given, v1] = collectFaults(
    () => parseEnv(optionsSchema, env),
    () => complete(parseEnv(credentialsSchema, env)),
    () => v1Of(parseEnv(v1Schema, env)),
  );
  if (given === undefined) return undefined;
  const { accessKey, secretKey } = given;
  return {
    baseUrl: options.SENS_BASE_URL,
    ...given,
    successMeans: options.SENS_SUCCESS_MEANS,
    ...(v1 !== undefined && { v1: { accessKey, secretKey, ...v1 } }),
  };
}

/** Settings of v1, and the others that each of them needs. */
const NEEDS = [
  [V1.accessKey, V1.baseUrl],
  [V1.secretKey, V1.baseUrl],
  [V1.files, V1.baseUrl],
  [V1.accessKey, V1.secretKey],
  [V1.secretKey, V1.accessKey],
] as const;

function v1Of(given: z.output<typeof v1Schema>) {
  const lacking = NEEDS.find(([set, needed]) => given[set] !== undefined && given[needed] === undefined);
  if (lacking !== undefined) {
    throw new ConfigError([{ variable: lacking[1], problem: `must be set too, as ${lacking[0]} is` }]);
  }
  const { SENS_V1_BASE_URL: baseUrl, SENS_V1_ACCESS_KEY: accessKey, SENS_V1_SECRET_KEY: secretKey } = given;
  if (baseUrl === undefined) return undefined;
  const keys = accessKey !== undefined && secretKey !== undefined ? { accessKey, secretKey } : {};
  return { baseUrl, ...keys, files: given.SENS_V1_FILES ?? 'refuse' };
}

/** All of them, or none. */
function complete(given: z.output<typeof credentialsSchema>) {
  const { SENS_SERVICE_ID: service, SENS_ACCESS_KEY: accessKey, SENS_SECRET_KEY: secretKey } = given;
  if (service !== undefined && accessKey !== undefined && secretKey !== undefined) {
    return { serviceId: service, accessKey, secretKey };
  }
  const [missing, set] = [false, true].map((wanted) =>
    CREDENTIALS.filter((name) => (given[name] !== undefined) === wanted),
  );
  if (set?.length === 0) return undefined;
  throw new ConfigError(
    (missing ?? []).map((variable): ConfigFault => ({ variable, problem: `must be set too, as ${set?.[0]} is` })),
  );
}

const CREDENTIALS = ['SENS_SERVICE_ID', 'SENS_ACCESS_KEY', 'SENS_SECRET_KEY'] as const;
