import { envVariable, parseEnv, type Env } from '@gateway/platform';
import { z } from 'zod';
import type { Capabilities } from '@gateway/core';
import type { ProviderVariable } from './provider-variable.js';

/** What was agreed for an account; takes the place of what its API generally allows. */
export interface AccountLimits {
  /** `null`: no quota. */
  readonly recipientsPerMonth?: number | null;
  readonly requestsPerSecond?: number;
  readonly recipientsPerSecond?: number;
}

/** The capabilities of an API, narrowed or widened by what was agreed for the account. */
export function withLimits(capabilities: Capabilities, limits: AccountLimits = {}): Capabilities {
  const { recipientsPerMonth: usual, ...others } = capabilities.limits;
  const { recipientsPerMonth = usual ?? null, ...pace } = limits;
  return {
    ...capabilities,
    limits: { ...others, ...pace, ...(recipientsPerMonth !== null && { recipientsPerMonth }) },
  };
}

const MOST = 1_000_000_000;

export const limitVariables = (kind: string): readonly ProviderVariable[] => {
  const prefix = kind.toUpperCase();
  return [
    { name: `${prefix}_MONTHLY_QUOTA`, description: 'Recipients a month (Asia/Seoul); 0: no quota' },
    { name: `${prefix}_REQUESTS_PER_SECOND`, description: 'Pace over all workers; unset: as fast as it goes' },
    { name: `${prefix}_RECIPIENTS_PER_SECOND`, description: 'Pace over all workers; unset: as fast as it goes' },
  ];
};

/** @throws ConfigError with every fault. */
export function readAccountLimits(kind: string, env: Env): AccountLimits {
  const prefix = kind.toUpperCase();
  const [quota, requests, recipients] = [
    `${prefix}_MONTHLY_QUOTA`,
    `${prefix}_REQUESTS_PER_SECOND`,
    `${prefix}_RECIPIENTS_PER_SECOND`,
  ] as const;
  const values: Record<string, number | undefined> = parseEnv(
    z.object({
      [quota]: envVariable.wholeNumber(0, MOST).optional(),
      [requests]: envVariable.wholeNumber(1, MOST).optional(),
      [recipients]: envVariable.wholeNumber(1, MOST).optional(),
    }),
    env,
  );
  return {
    ...(values[quota] !== undefined && { recipientsPerMonth: values[quota] === 0 ? null : values[quota] }),
    ...(values[requests] !== undefined && { requestsPerSecond: values[requests] }),
    ...(values[recipients] !== undefined && { recipientsPerSecond: values[recipients] }),
  };
}
