import { collectFaults, envVariable, parseEnv, type ConfigFault, ConfigError, type Env } from '@gateway/platform';
import { z } from 'zod';
import type { ProviderVariable } from '../provider-variable.js';

const DEFAULT_BASE_URL = 'https://sens.apigw.ntruss.com';

export interface SensSettings {
  /** Without a slash at its end. A path in it is put before every call, and signed. */
  readonly baseUrl: string;
  /** The NRN of the project's mail service, with its colons: `ncp:mail:kr:100000000002:main` (sens.md §1.2). */
  readonly serviceId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Meaning of status `COMPLETED`: the receiving server took the mail, or only that SENS handed it over. */
  readonly successMeans: 'delivered' | 'sent';
}

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

/** @returns `undefined` without credentials. @throws ConfigError with every fault. */
export function readSensSettings(env: Env): SensSettings | undefined {
  const [options, given] = collectFaults(
    () => parseEnv(optionsSchema, env),
    () => complete(parseEnv(credentialsSchema, env)),
  );
  if (given === undefined) return undefined;
  return { baseUrl: options.SENS_BASE_URL, ...given, successMeans: options.SENS_SUCCESS_MEANS };
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
