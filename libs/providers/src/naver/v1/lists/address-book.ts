import {
  ProviderRefusedError,
  type ListLeaver,
  type ListMember,
  type ProviderAudience,
  type ProviderList,
} from '@gateway/core';
import type { HttpRequest } from '@gateway/platform';
import { z } from 'zod';
import type { V1Api } from '../api.js';
import { manage } from '../manage.js';

const BOOK = '/address-book';
const GROUPS = `${BOOK}/recipient-groups`;

const count = z.union([z.number().int().nonnegative(), z.string().regex(/^\d{1,15}$/)]).transform(Number);
const summarySchema = z.object({
  groups: z
    .array(z.object({ groupName: z.string(), addressCount: count.nullish().catch(undefined) }))
    .nullish()
    .transform((groups) => groups ?? []),
});
type Summary = z.output<typeof summarySchema>;

/** The address book and its recipient groups (ncp.md §6), which are known by their names. */
export class V1AddressBook implements ProviderAudience {
  // 2026-11, §6: most addresses of a call are not documented; this is the gateway's own bound.
  readonly limits = { listsPerMessage: 5, membersPerCall: 10_000, leaversPerCall: 10_000 };

  readonly takesParameters = true;

  constructor(private readonly api: V1Api) {}

  async list(signal: AbortSignal): Promise<readonly ProviderList[]> {
    const { groups } = await this.call(['GET', BOOK], signal);
    return groups.map(toList);
  }

  async create(name: string, signal: AbortSignal): Promise<string> {
    await this.register(name, [], signal);
    return name;
  }

  async add(id: string, members: readonly ListMember[], signal: AbortSignal): Promise<void> {
    await this.register(id, addressesOf(members), signal);
  }

  /** Registering a group that exists adds to it; the answer is the book as it was before. */
  private async register(groupName: string, emailAddresses: readonly string[], signal: AbortSignal): Promise<void> {
    const group = emailAddresses.length > 0 ? { groupName, emailAddresses } : { groupName };
    await this.call(['POST', BOOK], signal, { groups: [group] });
  }

  async remove(id: string, leavers: readonly ListLeaver[], signal: AbortSignal): Promise<void> {
    const body = { groupName: id, emailAddresses: addressesOf(leavers) };
    await unlessGone(this.call(['DELETE', `${GROUPS}/address`], signal, body));
  }

  async empty(id: string, signal: AbortSignal): Promise<void> {
    await unlessGone(this.call(['DELETE', `${GROUPS}/address/empty?${named(id)}`], signal));
  }

  async delete(id: string, signal: AbortSignal): Promise<void> {
    await unlessGone(this.call(['DELETE', `${GROUPS}?${named(id)}`], signal));
  }

  async forget(addresses: readonly string[], signal: AbortSignal): Promise<void> {
    await unlessGone(this.call(['DELETE', `${BOOK}/address`], signal, { emailAddresses: addresses }));
  }

  async wipe(signal: AbortSignal): Promise<void> {
    await this.call(['DELETE', BOOK], signal);
  }

  private call(
    [method, path]: readonly [HttpRequest['method'], string],
    signal: AbortSignal,
    body?: object,
  ): Promise<Summary> {
    return manage(this.api, { method, path, ...(body !== undefined && { body }) }, summarySchema, signal);
  }
}

const toList = ({ groupName, addressCount }: Summary['groups'][number]): ProviderList => ({
  id: groupName,
  name: groupName,
  ...(typeof addressCount === 'number' && { addressCount }),
});

const addressesOf = (members: readonly { readonly addresses: readonly string[] }[]): string[] =>
  members.flatMap(({ addresses }) => addresses);

/** Signed as it is sent, so written once (ncp.md §6). */
const named = (groupName: string): string => `groupName=${encodeURIComponent(groupName)}`;

async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ProviderRefusedError && error.notFound)) throw error;
  }
}
