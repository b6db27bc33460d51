import {
  ProviderRefusedError,
  ProviderUnavailableError,
  isSameAddress,
  type ListedOptOut,
  type OptOutPage,
  type ProviderSuppressions,
} from '@gateway/core';
import { z } from 'zod';
import { wordsOf } from '../shared/answer.js';
import { PAGE_SIZE, type NhnApi } from './nhn.api.js';
import { NO_DATA } from './nhn.codes.js';
import { manage } from './nhn.manage.js';
import { latestTime, writeTime } from './nhn.time.js';
import { blockReceiverPageSchema } from './nhn.wire.js';

const CALL = 'block-receivers';
/** nhn.md §5.10: -2303 beyond. */
const CHANGE_SIZE = 1000;
/** Whether times are Korean or UTC is not documented (§1); the rest is caution. */
const MARGIN_MS = 24 * 3_600_000;
const MAX_PAGES = 20_000;
/** Of one address in the list: bad value, already registered, bad e-mail, adding failed, duplicate (§3). */
const ABOUT_ONE: ReadonlySet<string | undefined> = new Set(['-2302', '-2304', '-2308', '-2309', '-2310']);

const placeSchema = z.object({ page: z.number() }).optional().catch(undefined);

/** The block list of advertisements: GET, POST and, to delete, PUT with a flag (nhn.md §5.10). */
export const createNhnBlockReceivers = (api: NhnApi): ProviderSuppressions => ({
  changeSize: CHANGE_SIZE,
  list: ({ since, at }, signal) => {
    const window = since === undefined ? {} : windowFrom(since, api.clock.now());
    return listPage(api, window, placeSchema.parse(at)?.page ?? 1, signal);
  },
  has: async (address, signal) => {
    const { entries } = await listPage(api, { mailAddress: address }, 1, signal);
    return entries.some((entry) => isSameAddress(entry.address, address));
  },
  add: (addresses, signal) => add(api, addresses, signal),
  remove: async (addresses, signal) => {
    const body = { deleted: true, blockReceiverList: addresses.map((mailAddress) => ({ mailAddress })) };
    await manage(api, { method: 'PUT', call: CALL, body }, z.unknown(), signal);
  },
});

const windowFrom = (since: Date, now: Date) => ({
  startBlockDate: writeTime(new Date(since.getTime() - MARGIN_MS)),
  // Should our clock be days behind, at least a day after the last time.
  endBlockDate: writeTime(new Date(Math.max(now.getTime(), since.getTime()) + MARGIN_MS)),
});

async function listPage(
  api: NhnApi,
  filters: Readonly<Record<string, string>>,
  page: number,
  signal: AbortSignal,
): Promise<OptOutPage> {
  const query = new URLSearchParams({ ...filters, pageNum: String(page), pageSize: String(PAGE_SIZE) });
  const answer = await readPage(api, `${CALL}?${query.toString()}`, signal);
  const rows = answer?.data ?? [];
  const entries = rows.map((row) => entryOf(row, api.clock.now()));
  if (rows.length === 0 || page * PAGE_SIZE >= (answer?.totalCount ?? 0)) return { entries };
  if (page < MAX_PAGES) return { entries, next: { page: page + 1 } };
  throw new ProviderUnavailableError(`the list has more than ${MAX_PAGES} pages`, wordsOf(api.account, {}));
}

function entryOf(
  { mailAddress, blockDate }: { mailAddress: string; blockDate?: string | null | undefined },
  now: Date,
) {
  const since = latestTime(blockDate, now);
  return {
    address: mailAddress,
    ...(since && { since }),
    ...(blockDate && { stamp: blockDate }),
  } satisfies ListedOptOut;
}

/** "Data does not exist" is an empty page too. */
async function readPage(api: NhnApi, call: string, signal: AbortSignal) {
  try {
    return await manage(api, { method: 'GET', call }, blockReceiverPageSchema, signal);
  } catch (error) {
    if (error instanceof ProviderRefusedError && error.provider.code === String(NO_DATA)) return undefined;
    throw error;
  }
}

/**
 * 2026-11, §5.10: whether one bad or known address has the whole list refused is not documented, so what is refused is
 * cut in halves until the address is found.
 */
async function add(
  api: NhnApi,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly ignored: number }> {
  const body = { blockReceiverList: addresses.map((mailAddress) => ({ mailAddress })) };
  try {
    await manage(api, { method: 'POST', call: CALL, body }, z.unknown(), signal);
    return { ignored: 0 };
  } catch (error) {
    if (!(error instanceof ProviderRefusedError) || !ABOUT_ONE.has(error.provider.code)) throw error;
    if (addresses.length === 1) return { ignored: 1 };
    const middle = Math.ceil(addresses.length / 2);
    const first = await add(api, addresses.slice(0, middle), signal);
    const second = await add(api, addresses.slice(middle), signal);
    return { ignored: first.ignored + second.ignored };
  }
}
