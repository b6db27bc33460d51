import type { HttpClient } from '@gateway/platform';
import type { z } from 'zod';
import type { ProviderDeps } from '../../define-provider.js';
import { retryAfterMs } from '../../shared/answer.js';
import type { Query } from '../apigw-signature.js';
import { createSignedApi, type ServiceAccess, type SignedApi } from '../signed-api.js';
import { readError } from './errors.js';

/** Signed requests to v1 and its answers to questions. */
export interface V1Api extends SignedApi {
  /** The largest page that v1 was seen to give; a mere shortcut, each process finds out by itself. */
  readonly paging: { largest: number };
  /** As `question`, without the pause. */
  get<T extends z.ZodType>(path: string, query: Query, schema: T, signal: AbortSignal): Promise<z.output<T>>;
}

/** @param access Its path chooses the region and is part of what is signed (ncp.md §1.1). */
export function createV1Api(
  access: ServiceAccess,
  http: HttpClient,
  deps: Pick<ProviderDeps, 'clock'> & { readonly account: string },
): V1Api {
  const api = createSignedApi(access, http, deps, {
    readError,
    pauseMs: ({ headers }, now) => retryAfterMs(headers, now),
  });
  return {
    ...api,
    paging: { largest: Infinity },
    get: async (path, query, schema, signal) => (await api.question(path, query, schema, signal)).data,
  };
}
