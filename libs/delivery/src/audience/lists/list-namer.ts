import { Injectable } from '@nestjs/common';
import { GatewayProblem, type ProviderAudience, type ProviderList } from '@gateway/core';
import { GroupCopyRepository, type GroupCopyRow, type GroupRow, ListMemberRepository } from '@gateway/database';

const LONGEST_NAME = 100;
/** The last part of a group's id, behind a name that is taken. */
const SUFFIX_LENGTH = 8;

interface NamingTask {
  readonly copy: GroupCopyRow;
  readonly group: GroupRow;
  readonly audience: ProviderAudience;
  readonly signal: AbortSignal;
}

export interface EnsuredList {
  readonly id: string;
  readonly name: string;
  /** It does not hold what the gateway has put there. */
  readonly changedThere: boolean;
}

/**
 * Ensures that a group's list exists under the group's name. A name that the account has already, or that belongs to
 * another client's group, gets a suffix: a list that the gateway has not created is not its copy.
 */
@Injectable()
export class ListNamer {
  constructor(
    private readonly copies: GroupCopyRepository,
    private readonly members: ListMemberRepository,
  ) {}

  /** @throws GatewayProblem when the account has no room. */
  async ensure(task: NamingTask, standing: readonly ProviderList[]): Promise<EnsuredList> {
    const { copy, audience } = task;
    await this.mustFit(task, standing);
    const list = standing.find(({ id, name }) =>
      copy.remoteId === null ? name === copy.remoteName : id === copy.remoteId,
    );
    if (list === undefined) return this.make(task, standing);
    if (copy.remoteId === null) await this.copies.setRemoteId(copy, list.id);
    const changedThere = copy.inStep && list.addressCount !== undefined && list.addressCount !== copy.addressCount;
    if (copy.groupName === task.group.name) return { id: list.id, name: list.name, changedThere };
    if (audience.rename === undefined) return this.replace(task, standing, list);
    const name = await this.claim(task, standing);
    await audience.rename(list.id, name, task.signal);
    return { id: list.id, name, changedThere };
  }

  private async mustFit({ copy, audience, group }: NamingTask, standing: readonly ProviderList[]): Promise<void> {
    const { lists, listsPerMember } = audience.limits;
    if (lists !== undefined && copy.remoteId === null && standing.length >= lists) {
      throw noRoom(`${copy.provider} keeps at most ${lists} lists, and has ${standing.length}.`);
    }
    if (listsPerMember === undefined) return;
    const crowded = await this.members.countCrowded(copy, listsPerMember);
    if (crowded === 0) return;
    throw noRoom(
      `${copy.provider} keeps a contact on at most ${listsPerMember} lists; ${crowded} of "${group.name}" are on as ` +
        'many others already.',
    );
  }

  /** Lists cannot be renamed: a new one is created, and the old one is removed. */
  private async replace(task: NamingTask, standing: readonly ProviderList[], old: ProviderList): Promise<EnsuredList> {
    await task.audience.empty?.(old.id, task.signal);
    await task.audience.delete(old.id, task.signal);
    return this.make({ ...task, copy: { ...task.copy, remoteName: null } }, standing);
  }

  private async make(task: NamingTask, standing: readonly ProviderList[]): Promise<EnsuredList> {
    const { copy, audience, signal } = task;
    await this.copies.setRemoteId(copy, null);
    await this.members.doubtAll(copy);
    const claimed = copy.remoteName !== null && copy.groupName === task.group.name;
    const name = claimed ? copy.remoteName : await this.claim(task, standing);
    const id = await audience.create(name, signal);
    await this.copies.setRemoteId(copy, id);
    return { id, name, changedThere: false };
  }

  private async claim({ copy, group }: NamingTask, standing: readonly ProviderList[]): Promise<string> {
    const suffix = `.${group.id.replaceAll('-', '').slice(-SUFFIX_LENGTH)}`;
    const names = [group.name, `${group.name.slice(0, LONGEST_NAME - suffix.length)}${suffix}`];
    const isFree = (name: string): boolean => !standing.some((list) => list.name === name && list.id !== copy.remoteId);
    for (const remote of names.filter(isFree)) {
      if (await this.copies.claimName(copy, { remote, group: group.name })) return remote;
    }
    throw noRoom(`At ${copy.provider} a list with the name "${group.name}" stands already. Rename the group.`);
  }
}

const noRoom = (detail: string): GatewayProblem =>
  new GatewayProblem('unsupported_by_provider', detail, {
    fieldErrors: [{ pointer: '/provider', code: 'not_allowed', detail }],
  });
