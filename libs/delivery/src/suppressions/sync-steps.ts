import { normaliseAddress, type ListedOptOut, type ProviderSuppressions } from '@gateway/core';
import type { Queryable, SuppressionCopyRepository, SyncCounts, SyncPass } from '@gateway/database';

/** The result of a step, written in one transaction with the position of the comparison. */
export interface StepResult {
  readonly next: Pick<SyncPass, 'step' | 'cursor'> | undefined;
  /** @returns what it changed. */
  readonly write: (tx: Queryable) => Promise<Partial<SyncCounts>>;
}

export interface StepContext {
  readonly part: ProviderSuppressions;
  readonly copies: SuppressionCopyRepository;
  readonly signal: AbortSignal;
}

type Step = (pass: SyncPass, context: StepContext) => Promise<StepResult>;

/** Their list is asked about single addresses this many at a time. */
const ASKED_AT_ONCE = 4;
const MISSING_AT_ONCE = 40;

/** Each reads or changes one page of addresses; to do so twice, after a crash, is harmless. */
export const steps: Readonly<Record<SyncPass['step'], Step>> = {
  read: async (pass, { part, copies, signal }) => {
    const { provider, whole, since, cursor } = pass;
    const range = { ...(!whole && since !== null && { since }), ...(cursor !== null && { at: cursor }) };
    const page = await part.list(range, signal);
    const entries = page.entries.flatMap(withGoodAddress);
    return {
      next:
        page.next === undefined
          ? { step: whole ? 'missing' : 'add', cursor: null }
          : { step: 'read', cursor: page.next },
      write: async (tx) => ({
        addedHere: await copies.takeIn(tx, provider, entries),
        unreadableThere: page.entries.length - entries.length,
      }),
    };
  },

  // A page may have shifted while the list was read: before an opt-out is taken off, its own address is asked for.
  missing: async (pass, { part, copies, signal }) => {
    const { provider, startedAt } = pass;
    const found = await copies.findMissing(provider, startedAt, { after: afterOf(pass), limit: MISSING_AT_ONCE });
    const ours = found.filter((copy) => copy.ours).map(({ address }) => address);
    const there = new Set(await filterThere(part, ours, signal));
    const gone = ours.filter((address) => !there.has(address));
    return {
      next: onwards(
        'missing',
        found.map(({ address }) => address),
        'add',
      ),
      write: async (tx) => {
        const removedHere = await copies.takeOff(tx, provider, gone);
        await copies.markSeen(tx, provider, [...there]);
        await copies.forget(
          tx,
          provider,
          found.map(({ address }) => address).filter((a) => !there.has(a)),
        );
        return { removedHere };
      },
    };
  },

  add: async (pass, { part, copies, signal }) => {
    const { provider } = pass;
    const addresses = await copies.findToAdd(provider, { after: afterOf(pass), limit: part.changeSize });
    const ignored = addresses.length === 0 ? 0 : (await part.add(addresses, signal)).ignored;
    return {
      next: onwards('add', addresses, 'remove'),
      write: async (tx) => {
        await copies.markTold(tx, provider, addresses);
        return { addedThere: addresses.length - ignored, ignoredThere: ignored };
      },
    };
  },

  remove: async (pass, { part, copies, signal }) => {
    const { provider } = pass;
    const addresses = await copies.findToRemove(provider, { after: afterOf(pass), limit: part.changeSize });
    if (addresses.length > 0) await part.remove(addresses, signal);
    return {
      next: onwards('remove', addresses, undefined),
      write: async (tx) => {
        await copies.forget(tx, provider, addresses);
        return { removedThere: addresses.length };
      },
    };
  },
};

/** Text that cannot be the address of a recipient is ignored. */
function withGoodAddress(entry: ListedOptOut): ListedOptOut[] {
  const address = normaliseAddress(entry.address);
  return address === undefined ? [] : [{ ...entry, address }];
}

const afterOf = ({ cursor }: SyncPass): string => (typeof cursor === 'string' ? cursor : '');

const onwards = (step: SyncPass['step'], found: readonly string[], then: SyncPass['step'] | undefined) => {
  const last = found.at(-1);
  if (last !== undefined) return { step, cursor: last };
  return then === undefined ? undefined : { step: then, cursor: null };
};

async function filterThere(
  part: ProviderSuppressions,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const there: string[] = [];
  for (let at = 0; at < addresses.length; at += ASKED_AT_ONCE) {
    const some = addresses.slice(at, at + ASKED_AT_ONCE);
    const answers = await Promise.all(some.map((address) => part.has(address, signal)));
    there.push(...some.filter((_, index) => answers[index]));
  }
  return there;
}
