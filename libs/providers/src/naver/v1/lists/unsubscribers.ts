import { isSameAddress, type ListedOptOut, type OptOutPage, type ProviderSuppressions } from '@gateway/core';
import { z } from 'zod';
import type { Query } from '../../apigw-signature.js';
import type { V1Api } from '../api.js';
import { manage, type ManagementCall } from '../manage.js';
import { pageAt } from '../pages.js';
import { unsubscriberChangeSchema, unsubscriberPageSchema } from '../wire.js';

const PATH = '/unsubscribers';
/** 2026-11, ncp.md §7: how many addresses a change may have is not documented. */
const CHANGE_SIZE = 1000;
/** Clocks may differ by 5 minutes (§1.2), and it is not settled whether a window is read as UTC or as Korean time. */
const MARGIN_MS = 24 * 3_600_000;

const placeSchema = z.object({ size: z.number(), page: z.number() }).optional().catch(undefined);

/**
 * registerUnsubscribers, getUnsubscribersList and deleteUnsubscribers (ncp.md §7). They stop advertising mail only.
 * Oldest first: entries added while the list is read are at its end.
 */
export const createV1Unsubscribers = (api: V1Api): ProviderSuppressions => ({
  changeSize: CHANGE_SIZE,
  list: async ({ since, at }, signal) => {
    const window = since === undefined ? [] : windowFrom(since, api.clock.now());
    return listPage(api, [...window, ['sort', 'createUtc']], placeSchema.parse(at), signal);
  },
  has: async (address, signal) => {
    const { entries } = await listPage(api, [['emailAddress', address]], undefined, signal);
    return entries.some((entry) => isSameAddress(entry.address, address));
  },
  add: async (addresses, signal) => {
    const { ignoreCount } = await change(api, 'POST', addresses, signal);
    return { ignored: ignoreCount ?? 0 };
  },
  remove: async (addresses, signal) => void (await change(api, 'DELETE', addresses, signal)),
});

/** Both ends: a note in the documents says that one of each must be given. */
const windowFrom = (since: Date, now: Date): Query => [
  ['startUtc', since.getTime() - MARGIN_MS],
  ['endUtc', now.getTime() + MARGIN_MS],
];

async function listPage(
  api: V1Api,
  query: Query,
  place: z.output<typeof placeSchema>,
  signal: AbortSignal,
): Promise<OptOutPage> {
  const listing = { path: PATH, query, schema: unsubscriberPageSchema };
  const { answer, next } = await pageAt(api, listing, place, signal);
  const entries = answer.content.map(({ address, blockDate }): ListedOptOut => ({
    address,
    ...(blockDate && { since: blockDate, stamp: String(blockDate.getTime()) }),
  }));
  return { entries, ...(next && { next }) };
}

const change = (
  api: V1Api,
  method: ManagementCall['method'],
  blockedReceivers: readonly string[],
  signal: AbortSignal,
) => manage(api, { method, path: PATH, body: { blockedReceivers } }, unsubscriberChangeSchema, signal);
