import { ProviderRefusedError, ProviderUnavailableError } from '@gateway/core';
import type { z } from 'zod';
import type { NhnApi } from '../nhn.api.js';
import { NO_DATA } from '../nhn.codes.js';
import { manage } from '../nhn.manage.js';

/** @returns nothing where NHN has no data. @throws ProviderUnavailableError for every other no. */
export async function ask<T extends z.ZodType>(
  api: NhnApi,
  call: string,
  schema: T,
  signal: AbortSignal,
): Promise<z.output<T> | undefined> {
  try {
    return await manage(api, { method: 'GET', call }, schema, signal);
  } catch (error) {
    if (!(error instanceof ProviderRefusedError || error instanceof ProviderUnavailableError)) throw error;
    if (error.provider.code === String(NO_DATA)) return undefined;
    if (error instanceof ProviderUnavailableError) throw error;
    throw new ProviderUnavailableError(`the question was refused: ${error.message}`, error.provider);
  }
}
