import { envVariable, parseEnv, type Env } from '@gateway/platform';
import { z } from 'zod';
import type { Capabilities } from '@gateway/core';
import type { ProviderVariable } from './provider-variable.js';

/** It is all that a caller has to know to be heard, so it must be impossible to guess. */
const LEAST_LENGTH = 32;
const LONGEST = 200;

const variableOf = (kind: string): string => `${kind.toUpperCase()}_INBOUND_TOKEN`;

/** Chosen by the operator, so it is no credential of a vendor. */
export const isInboundToken = (variable: string): boolean => variable.endsWith('_INBOUND_TOKEN');

const isPushed = ({ tracking }: Pick<Capabilities, 'tracking'>): boolean => tracking.includes('push');

/** Only for vendors that push. */
export const inboundVariables = (
  kind: string,
  capabilities: Pick<Capabilities, 'tracking'>,
): readonly ProviderVariable[] =>
  isPushed(capabilities)
    ? [
        {
          name: variableOf(kind),
          description: `Pushes are received at /v1/inbound/<account>/<token>; unset: none are`,
          secret: true,
        },
      ]
    : [];

/** @returns `undefined` when none is set, or the vendor does not push. @throws ConfigError */
export function readInboundToken(
  kind: string,
  env: Env,
  capabilities: Pick<Capabilities, 'tracking'>,
): string | undefined {
  if (!isPushed(capabilities)) return undefined;
  const name = variableOf(kind);
  const token = envVariable
    .secret(LONGEST, LEAST_LENGTH)
    .refine((value) => /^[\w-]+$/.test(value), 'may hold only letters, digits, "-" and "_"');
  const read: Record<string, string | undefined> = parseEnv(z.object({ [name]: token.optional() }), env);
  return read[name];
}
