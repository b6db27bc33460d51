import { envVariable, parseEnv, type Env } from '@gateway/platform';
import { z } from 'zod';
import type { Capabilities, Quota } from '@gateway/core';
import type { ProviderVariable } from './provider-variable.js';

/** Limits agreed for an account; they replace the general limits of its API. */
export interface AccountLimits {
  /** Recipients of the quota; `null`: the account has none. */
  readonly quotaRecipients?: number | null;
  readonly requestsPerSecond?: number;
  readonly recipientsPerSecond?: number;
}

/** The capabilities of an API, narrowed or widened by what was agreed for the account. */
export function withLimits(capabilities: Capabilities, limits: AccountLimits = {}): Capabilities {
  const { quota: usual, ...others } = capabilities.limits;
  const { quotaRecipients: recipients = usual?.recipients ?? null, ...pace } = limits;
  const quota: Partial<Pick<Capabilities['limits'], 'quota'>> =
    recipients === null ? {} : { quota: { ...(usual ?? KOREAN_MONTH), recipients } };
  return { ...capabilities, limits: { ...others, ...pace, ...quota } };
}

/** The period of a quota that was agreed for an account whose API has none. */
const KOREAN_MONTH: Omit<Quota, 'recipients'> = { per: 'month', timeZone: 'Asia/Seoul' };

const MOST = 1_000_000_000;

/** `<KIND>_MONTHLY_QUOTA` or `<KIND>_DAILY_QUOTA`. */
const quotaVariable = (kind: string, { per }: Pick<Quota, 'per'>): string =>
  `${kind.toUpperCase()}_${per === 'day' ? 'DAILY' : 'MONTHLY'}_QUOTA`;

/** @param quota of the API, if it has one. */
export const limitVariables = (
  kind: string,
  quota: Omit<Quota, 'recipients'> = KOREAN_MONTH,
): readonly ProviderVariable[] => {
  const prefix = kind.toUpperCase();
  const { per, timeZone } = quota;
  return [
    { name: quotaVariable(kind, quota), description: `Recipients per ${per} (${timeZone}); 0: no quota` },
    { name: `${prefix}_REQUESTS_PER_SECOND`, description: 'Pace over all workers; unset: as fast as it goes' },
    { name: `${prefix}_RECIPIENTS_PER_SECOND`, description: 'Pace over all workers; unset: as fast as it goes' },
  ];
};

/** @throws ConfigError with every fault. */
export function readAccountLimits(
  kind: string,
  env: Env,
  period: Omit<Quota, 'recipients'> = KOREAN_MONTH,
): AccountLimits {
  const prefix = kind.toUpperCase();
  const [quota, requests, recipients] = [
    quotaVariable(kind, period),
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
    ...(values[quota] !== undefined && { quotaRecipients: values[quota] === 0 ? null : values[quota] }),
    ...(values[requests] !== undefined && { requestsPerSecond: values[requests] }),
    ...(values[recipients] !== undefined && { recipientsPerSecond: values[recipients] }),
  };
}
