import { Injectable } from '@nestjs/common';
import type { ListAudience, ListTarget, Refused } from '@gateway/core';
import { GroupCopyRepository, type GroupCopyRow, type MessageContentRow } from '@gateway/database';
import { listOf } from '../../messages/accept/message-audience.js';
import { ListAccounts } from './list-accounts.js';

/** Milliseconds until a message to a list that is not in step is tried again: a push takes a moment. */
const NOT_IN_STEP_MS = 5000;

/** Resolves the provider's lists of a message, with their state at the time of sending. */
@Injectable()
export class ListTargets {
  constructor(
    private readonly copies: GroupCopyRepository,
    private readonly accounts: ListAccounts,
  ) {}

  /** @returns `{}` for a message to recipients; a refusal while a list is being pushed, or if its group is deleted. */
  async of(
    content: Pick<MessageContentRow, 'audience'>,
  ): Promise<{ readonly list?: ListTarget } | { readonly refused: Refused }> {
    const list = listOf(content);
    return list === undefined ? {} : this.resolve(list);
  }

  private async resolve(list: ListAudience) {
    const { provider, match, groups } = list;
    const ids = groups.flatMap(({ groupId }) => groupId ?? []);
    const copies = new Map(
      (await this.copies.findStates(await this.accounts.storeOf(provider), ids)).map((copy) => [copy.groupId, copy]),
    );
    const lists: string[] = [];
    for (const { name, groupId, listId } of groups) {
      const found = groupId === undefined ? (listId ?? name) : idOf(copies.get(groupId));
      if (found === GONE) return gone(provider, name);
      if (found === NOT_IN_STEP) return notInStep(provider, name);
      lists.push(found);
    }
    return { list: { lists, match } };
  }

  /** Remembers that an account has ended its lists, when a mail to one shows it. */
  async note(provider: string, refused: Refused): Promise<void> {
    if (refused.retired === true) await this.accounts.noteRetired(provider, refused.provider);
  }
}

const GONE = Symbol('gone');
const NOT_IN_STEP = Symbol('not in step');

function idOf(
  copy: (GroupCopyRow & { readonly deleted: boolean }) | undefined,
): string | typeof GONE | typeof NOT_IN_STEP {
  if (copy === undefined || copy.deleted) return GONE;
  return copy.inStep && copy.remoteId !== null ? copy.remoteId : NOT_IN_STEP;
}

const refuse = (provider: string, rest: Pick<Refused, 'reason' | 'scope' | 'retryAfterMs'>, message: string) => ({
  refused: {
    outcome: 'refused' as const,
    operation: 'list',
    provider: { name: provider, message },
    refusedRecipients: [],
    ...rest,
  },
});

const gone = (provider: string, name: string) =>
  refuse(provider, { reason: 'provider_refused', scope: 'batch' }, `the list "${name}" was deleted with its group`);

const notInStep = (provider: string, name: string) =>
  refuse(
    provider,
    { reason: 'provider_unavailable', scope: 'moment', retryAfterMs: NOT_IN_STEP_MS },
    `the list "${name}" is not in step with its group; it is being pushed, or has to be pushed again`,
  );
