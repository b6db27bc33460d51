import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@gateway/platform';
import { encodeId, type ListLeaver, type ListMember, type ProviderAudience, type ProviderList } from '@gateway/core';
import { GroupCopyRepository, type GroupCopyRow, type GroupRow, ListMemberRepository } from '@gateway/database';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListNamer } from './list-namer.js';
import { effectiveLeaseMs, type Timing } from '../../shared/timing.js';

/** Time limit and poll interval for a provider that applies changes later. */
const SETTLED_WITHIN_MS = 5000;
const SETTLED_EVERY_MS = 100;

/** The time was over; finished pages stay, and the next run does the rest. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

export interface CopyTask {
  readonly copy: GroupCopyRow;
  /** None: it was deleted. */
  readonly group: GroupRow | undefined;
  readonly audience: ProviderAudience;
  /** By `performance.now()`: no page is begun after this. */
  readonly until?: number;
  readonly signal: AbortSignal;
}

/** The result of a push. */
export interface CopyResult {
  readonly providerGroupId: string;
  readonly name: string;
  /** Addresses that were put on the list, and taken off it. */
  readonly added: number;
  readonly removed: number;
  /** On the list, as the provider counts; nothing where it does not. */
  readonly providerAddressCount: number | null;
}

/**
 * Updates a list to its group, page by page: leavers are removed, joiners are added. Each page is written before the
 * provider is called and confirmed after, so the next run knows what the list may contain.
 */
@Injectable()
export class GroupCopier {
  constructor(
    private readonly copies: GroupCopyRepository,
    private readonly members: ListMemberRepository,
    private readonly namer: ListNamer,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /** @throws OutOfTimeError, CopyLeaseLostError, and what the provider's calls throw. */
  async bringInStep(task: CopyTask & { readonly group: GroupRow }): Promise<CopyResult> {
    const { copy, audience, signal } = task;
    await this.keep(task);
    const standing = await audience.list(signal);
    const list = await this.namer.ensure(task, standing);
    const held = { ...task, copy: { ...copy, remoteId: list.id } };
    if (list.changedThere) await this.startOver(held);
    const removed = await this.removeLeavers(held, standing);
    const added = await this.addMembers(held);
    const providerAddressCount = await this.settled(held);
    return { providerGroupId: list.id, name: list.name, added, removed, providerAddressCount };
  }

  /** For a deleted group: removes its members from the list, then the list. */
  async takeAway(task: CopyTask): Promise<void> {
    const { copy, audience, signal } = task;
    await this.keep(task);
    if (copy.remoteName === null) return this.copies.remove(copy);
    const standing = await audience.list(signal);
    // Made, but not written down: it has the name that was claimed for it.
    const id = copy.remoteId ?? standing.find(({ name }) => name === copy.remoteName)?.id;
    if (id !== undefined) {
      await this.removeLeavers({ ...task, copy: { ...copy, remoteId: id } }, standing);
      await audience.delete(id, signal);
    }
    await this.copies.remove(copy);
  }

  /** The list was changed elsewhere, and no provider shows its members, so it is filled again. */
  private async startOver({ copy, audience, signal }: CopyTask): Promise<void> {
    await audience.empty?.(idOf(copy), signal);
    await this.members.doubtAll(copy);
  }

  private async removeLeavers(task: CopyTask, standing: readonly ProviderList[]): Promise<number> {
    const { copy, audience } = task;
    const emptied = await this.emptyIfNobodyStays(task);
    const mayForget = audience.forget !== undefined && (await this.areAllOurs(copy, standing));
    let removed = 0;
    for (let after: string | undefined; ;) {
      await this.keep(task);
      const page = await this.members.findLeaving(copy, after, audience.limits.leaversPerCall);
      const last = page.at(-1);
      if (last === undefined) return removed;
      await this.removePage(task, page, { emptied, mayForget });
      removed += countOf(page);
      after = last.id;
    }
  }

  /** Removes all members with one call, where the provider has one. */
  private async emptyIfNobodyStays({ copy, group, audience, signal }: CopyTask): Promise<boolean> {
    const nobody = group === undefined || group.memberCount === 0;
    if (!nobody || audience.empty === undefined) return false;
    if ((await this.members.count(copy)) > 0) await audience.empty(idOf(copy), signal);
    return true;
  }

  private async removePage(
    { copy, audience, signal }: CopyTask,
    page: readonly ListLeaver[],
    { emptied, mayForget }: { readonly emptied: boolean; readonly mayForget: boolean },
  ): Promise<void> {
    if (!emptied) await audience.remove(idOf(copy), page.map(publicly), signal);
    const free = await this.members.remove(copy, page);
    if (mayForget && free.length > 0) await audience.forget?.(free, signal);
  }

  /** Where others keep lists too, an address may be on one of theirs. */
  private async areAllOurs({ provider }: GroupCopyRow, standing: readonly ProviderList[]): Promise<boolean> {
    const ours = new Set((await this.copies.findByProvider(provider)).map(({ remoteName }) => remoteName));
    return standing.every(({ name }) => ours.has(name));
  }

  private async addMembers(task: CopyTask): Promise<number> {
    const { copy, audience, signal } = task;
    let added = 0;
    for (let after: string | undefined; ;) {
      await this.keep(task);
      const page = await this.members.findJoining(copy, after, audience.limits.membersPerCall);
      const last = page.at(-1);
      if (last === undefined) return added;
      await this.members.expect(copy, page);
      await audience.add(idOf(copy), page.map(publicly), signal);
      await this.members.confirm(copy, page);
      added += countOf(page);
      after = last.id;
    }
  }

  /** Waits until the provider's count includes the changes. @returns its count, which may differ. */
  private async settled({ copy, audience, signal }: CopyTask): Promise<number | null> {
    const wanted = await this.members.count(copy);
    const end = performance.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const list = (await audience.list(signal)).find(({ id }) => id === copy.remoteId);
      const count = list === undefined ? undefined : list.addressCount;
      if (list !== undefined && count === undefined) return null;
      if (count === wanted || performance.now() >= end) return count ?? null;
      await sleep(SETTLED_EVERY_MS, undefined, { signal });
    }
  }

  private async keep({ copy, until, signal }: CopyTask): Promise<void> {
    signal.throwIfAborted();
    if (until !== undefined && performance.now() > until) throw new OutOfTimeError();
    await this.copies.renew(copy, effectiveLeaseMs(this.timing));
  }
}

const idOf = ({ remoteId }: GroupCopyRow): string => {
  if (remoteId === null) throw new Error('the list has not been made yet');
  return remoteId;
};

/** Providers get to see public ids. */
const publicly = <T extends ListMember | ListLeaver>(member: T): T => ({
  ...member,
  id: encodeId('contact', member.id),
});

const countOf = (page: readonly (ListMember | ListLeaver)[]): number =>
  page.reduce((sum, { addresses }) => sum + addresses.length, 0);
