import type { z } from 'zod';
import { ConfigError, type ConfigFault } from './config-error.js';
import { withoutEmpty, type Env } from './env.js';

/**
 * Checks the variables that an object schema names (its keys are variable names) and returns what it makes of them.
 * @throws ConfigError with every fault of this schema.
 */
export const parseEnv = <T extends z.ZodType>(schema: T, env: Env): z.output<T> => {
  const result = schema.safeParse(withoutEmpty(env));
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map(toFault));
};

// zod's own words for a missing value read badly behind a variable's name, and some of its messages quote input.
const toFault = (issue: z.core.$ZodIssue): ConfigFault => ({
  variable: String(issue.path[0] ?? 'environment'),
  problem: problemOf(issue),
});

const problemOf = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_type') return 'must be set';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small' && issue.origin !== 'string') return `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.origin !== 'string') return `must be at most ${issue.maximum}`;
  return `is not usable (${issue.message})`;
};

type Parts<T extends readonly unknown[]> = { readonly [K in keyof T]: () => T[K] };

/**
 * Runs several configuration readers and joins their faults, so that an operator sees all of them at one start:
 * `const [config, accounts] = collectFaults(() => loadConfig(env), () => providerAccounts(env))`.
 * @throws ConfigError with the faults of all parts; any other error as it is.
 */
export const collectFaults = <T extends readonly unknown[]>(...parts: Parts<T>): T => {
  const faults: ConfigFault[] = [];
  const values = parts.map((read: () => unknown) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(...error.faults);
      return undefined;
    }
  });
  if (faults.length > 0) throw new ConfigError(faults);
  return values as unknown as T;
};
