import {
  ProviderRefusedError,
  tolerantKey,
  type ListLeaver,
  type ListMember,
  type ProviderAudience,
  type ProviderList,
} from '@gateway/core';
import { mapLimited } from '../../shared/map-limited.js';
import { PAGE_SIZE, type NhnApi } from '../nhn.api.js';
import { NO_DATA } from '../nhn.codes.js';
import { manage, type ManagementCall } from '../nhn.manage.js';
import { asRetired } from '../nhn.retired.js';
import {
  createdTagSchema,
  nothing,
  tagPageSchema,
  uidPageSchema,
  uidSchema,
  type NhnTag,
  type NhnUid,
} from './nhn.tag-wire.js';
import type { z } from 'zod';

const CALLS_AT_ONCE = 8;
/** Prefix of the gateway's own UIDs: the project's Push and SMS keep theirs in the same place (§5.7). */
const OWN_UID = /^con_/;

interface Registration {
  readonly uid: string;
  readonly tagIds: readonly string[];
  readonly addresses: readonly string[];
}

/** Tags as lists; a contact is a UID with its addresses (nhn.md §5.7, §5.8). */
export class NhnTags implements ProviderAudience {
  // Console: 1,000 UIDs at once. API: 2,048 tags, 16 of them a UID. An expression takes three operators.
  // Each leaver is three calls.
  readonly limits = { listsPerMessage: 4, membersPerCall: 1000, leaversPerCall: 100, lists: 2048, listsPerMember: 16 };
  readonly takesParameters = false;
  readonly endOfSupport = '2026-03-24';

  constructor(private readonly api: NhnApi) {}

  async list(signal: AbortSignal): Promise<readonly ProviderList[]> {
    const tags: NhnTag[] = [];
    for (let page = 1; ; page += 1) {
      const call = `tags?pageNum=${page}&pageSize=${PAGE_SIZE}`;
      const { data, totalCount } = await this.call({ method: 'GET', call }, tagPageSchema, signal);
      tags.push(...(data ?? []));
      if (!data?.length || tags.length >= (totalCount ?? 0)) break;
    }
    return tags.map(({ tagId, tagName }) => ({ id: tagId, name: tagName }));
  }

  async create(name: string, signal: AbortSignal): Promise<string> {
    const call = { method: 'POST', call: 'tags', body: { tagName: name } } as const;
    return (await this.call(call, createdTagSchema, signal)).data.tagId;
  }

  async rename(id: string, name: string, signal: AbortSignal): Promise<void> {
    await this.call({ method: 'PUT', call: tagPath(id), body: { tagName: name } }, nothing, signal);
  }

  async delete(id: string, signal: AbortSignal): Promise<void> {
    await unlessGone(this.call({ method: 'DELETE', call: tagPath(id) }, nothing, signal));
  }

  /** A UID that is new is registered; to register one again adds to its tags and addresses. */
  async add(id: string, members: readonly ListMember[], signal: AbortSignal): Promise<void> {
    const registration = (m: ListMember): Registration => ({ uid: m.id, tagIds: [id], addresses: m.addresses });
    const unknown = members.filter(({ known }) => !known).map(registration);
    const known = await mapLimited(
      members.filter((member) => member.known),
      CALLS_AT_ONCE,
      async (member) => ((await this.addAddresses(member, signal)) ? [] : [registration(member)]),
    );
    await this.register([...unknown, ...known.flat()], signal);
  }

  /** @returns false when the UID does not exist any more. */
  private async addAddresses({ id, addresses }: ListMember, signal: AbortSignal): Promise<boolean> {
    for (const emailAddress of addresses) {
      const call = { method: 'POST', call: `${uidPath(id)}/email-addresses`, body: { emailAddress } } as const;
      if (!(await unlessGone(this.call(call, nothing, signal)))) return false;
    }
    return true;
  }

  private async register(registrations: readonly Registration[], signal: AbortSignal): Promise<void> {
    if (registrations.length === 0) return;
    const uids = registrations.map(({ uid, tagIds, addresses }) => ({
      uid,
      tagIds,
      contacts: addresses.map((contact) => ({ contactType: 'EMAIL_ADDRESS', contact })),
    }));
    await this.call({ method: 'POST', call: 'uids', body: { uids } }, nothing, signal);
  }

  /**
   * No call takes a tag off a UID (§5.7). So a UID that leaves a list is removed and registered again with the tags
   * that it keeps: those that the gateway knows, and those that others have given it.
   */
  async remove(id: string, leavers: readonly ListLeaver[], signal: AbortSignal): Promise<void> {
    const again = await mapLimited(leavers, CALLS_AT_ONCE, async (leaver) => {
      if (leaver.stays) return this.removeAddresses(leaver, signal);
      return this.removeUid(id, leaver, signal);
    });
    await this.register(again.flat(), signal);
  }

  private async removeAddresses({ id, addresses }: ListLeaver, signal: AbortSignal): Promise<readonly never[]> {
    for (const address of addresses) {
      const call = `${uidPath(id)}/email-addresses/${encodeURIComponent(address)}`;
      await unlessGone(this.call({ method: 'DELETE', call }, nothing, signal));
    }
    return [];
  }

  private async removeUid(list: string, leaver: ListLeaver, signal: AbortSignal): Promise<readonly Registration[]> {
    const { id, elsewhere } = leaver;
    const there = await this.findUid(id, signal);
    await unlessGone(this.call({ method: 'DELETE', call: uidPath(id) }, nothing, signal));
    const given = (there?.tags ?? []).map(({ tagId }) => tagId).filter((tagId) => tagId !== list);
    const tagIds = [...new Set([...elsewhere.lists, ...given])];
    if (tagIds.length === 0) return [];
    const left = new Set(leaver.addresses.map(tolerantKey));
    const kept = (there?.contacts ?? [])
      .map(({ contact }) => contact)
      .filter((c) => c !== '' && !left.has(tolerantKey(c)));
    const addresses = [...new Set([...elsewhere.addresses, ...kept])];
    return [{ uid: id, tagIds, addresses }];
  }

  private async findUid(uid: string, signal: AbortSignal): Promise<NhnUid | undefined> {
    try {
      return (await this.call({ method: 'GET', call: uidPath(uid) }, uidSchema, signal)).data;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** Only the gateway's own UIDs: those of the project's other services are among them. */
  async wipe(signal: AbortSignal): Promise<void> {
    const tags = await this.list(signal);
    await mapLimited(tags, CALLS_AT_ONCE, ({ id }) => this.delete(id, signal));
    for (let offset = 0; ;) {
      const call = `uids?offset=${offset}&limit=${PAGE_SIZE}`;
      const { data } = await this.call({ method: 'GET', call }, uidPageSchema, signal);
      const uids = (data.uids ?? []).map(({ uid }) => uid);
      const own = uids.filter((uid) => OWN_UID.test(uid));
      const remove = (uid: string) => unlessGone(this.call({ method: 'DELETE', call: uidPath(uid) }, nothing, signal));
      await mapLimited(own, CALLS_AT_ONCE, remove);
      if (uids.length === 0 || data.isLast === true) return;
      offset += uids.length - own.length;
    }
  }

  private async call<T extends z.ZodType>(call: ManagementCall, schema: T, signal: AbortSignal): Promise<z.output<T>> {
    try {
      return await manage(this.api, call, schema, signal);
    } catch (error) {
      throw asRetired(error);
    }
  }
}

const tagPath = (id: string): string => `tags/${encodeURIComponent(id)}`;
const uidPath = (uid: string): string => `uids/${encodeURIComponent(uid)}`;

const isGone = (error: unknown): boolean =>
  error instanceof ProviderRefusedError && error.provider.code === String(NO_DATA);

/** @returns false when the object of the call did not exist. */
async function unlessGone(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
