import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@gateway/platform';
import { GatewayProblem, ProviderUnavailableError } from '@gateway/core';
import {
  CopyLeaseLostError,
  GroupCopyRepository,
  type GroupCopyRow,
  GroupRepository,
  type GroupRow,
} from '@gateway/database';
import { administer } from '../../accounts/administer.js';
import { type CopyResult, GroupCopier, OutOfTimeError } from './group-copier.js';
import { type ListAccount, ListAccounts } from './list-accounts.js';
import { effectiveLeaseMs, type Timing } from '../../shared/timing.js';

/** How long a caller waits; what takes longer is ended by a worker. */
const PATIENCE_MS = 20_000;
/** The page that was begun last may take this much longer. */
const LAST_PAGE_MS = 30_000;
const BUSY_SECONDS = 2;
const LATER_MS = 5000;

export interface PushAnswer {
  readonly provider: string;
  readonly group: GroupRow;
  /** False: it continues in the background. */
  readonly complete: boolean;
  readonly result?: CopyResult & { readonly addressCount: number; readonly pushedAt: Date };
}

/** Brings a group and its list at an account in step, while the caller waits. */
@Injectable()
export class PushGroupService {
  constructor(
    private readonly groups: GroupRepository,
    private readonly copies: GroupCopyRepository,
    private readonly copier: GroupCopier,
    private readonly accounts: ListAccounts,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /**
   * @returns nothing when the client has no such group.
   * @throws GatewayProblem when the account has no lists, has ended them, is full, or is away; or when the group is
   * being pushed there already.
   */
  async execute(group: { readonly id: string; readonly clientId: string }, provider: string) {
    const { groups, accounts, copies } = this;
    const leaseMs = effectiveLeaseMs(this.timing);
    const row = await groups.findById(group.clientId, group.id);
    if (row === undefined) return undefined;
    const account = await accounts.mustFind(provider, '/provider');
    await accounts.mustHaveLists(provider);
    const copy = await copies.take({ groupId: group.id, provider: account.store, clientId: group.clientId }, leaseMs);
    if (copy === undefined) throw busy(provider);
    return this.push({ copy, group: row, account });
  }

  private async push(task: {
    readonly copy: GroupCopyRow;
    readonly group: GroupRow;
    readonly account: ListAccount;
  }): Promise<PushAnswer> {
    const { copy, group, account } = task;
    const { copier, copies, accounts } = this;
    const provider = account.name;
    const until = performance.now() + PATIENCE_MS;
    try {
      const withinMs = PATIENCE_MS + LAST_PAGE_MS;
      const result = await accounts.watching(provider, () =>
        administer({ account: provider, withinMs }, (signal) =>
          copier.bringInStep({ copy, group, audience: account.audience, until, signal }),
        ),
      );
      return { provider, group, complete: true, result: { ...result, ...(await copies.finish(copy)) } };
    } catch (error) {
      if (error instanceof OutOfTimeError) {
        await copies.release(copy, 0);
        return { provider, group, complete: false };
      }
      throw await this.given(copy, error);
    }
  }

  /** The error decides whether a worker tries it again. @returns the answer to the caller. */
  private async given(copy: GroupCopyRow, error: unknown): Promise<unknown> {
    if (error instanceof CopyLeaseLostError) return busy(copy.provider);
    const away = error instanceof ProviderUnavailableError || isProblem(error, 'overloaded');
    await this.copies.release(copy, away ? LATER_MS : undefined);
    return error;
  }
}

const isProblem = (error: unknown, code: string): boolean => error instanceof GatewayProblem && error.code === code;

const busy = (provider: string): GatewayProblem =>
  new GatewayProblem('overloaded', `The group is being pushed to ${provider} at this moment.`, {
    retryAfterSeconds: BUSY_SECONDS,
  });
