import { Inject, Injectable } from '@nestjs/common';
import { GatewayProblem, ProviderRefusedError, ProviderUnavailableError } from '@gateway/core';
import { CopyLeaseLostError, GroupCopyRepository, type GroupCopyRow, GroupRepository } from '@gateway/database';
import { CONFIG, LOGGER, STOPPING, type Logger } from '@gateway/platform';
import { effectiveLeaseMs, type Timing } from '../../shared/timing.js';
import { GroupCopier } from './group-copier.js';
import { type ListAccount, ListAccounts } from './list-accounts.js';

/** A large group takes its time; another worker may go on after this. */
const LONGEST_MS = 600_000;
const REFUSED_PAUSE_MS = 3_600_000;

/**
 * Completes work without a waiting caller: pushes that took too long or lost their process, and lists whose group was deleted.
 */
@Injectable()
export class KeepListsService {
  constructor(
    private readonly groups: GroupRepository,
    private readonly groupCopies: GroupCopyRepository,
    private readonly copier: GroupCopier,
    private readonly listAccounts: ListAccounts,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  async sweep(): Promise<void> {
    const { groupCopies: copies, listAccounts: accounts, timing, stopping } = this;
    while (!stopping.aborted) {
      const copy = await copies.takeWanted(await accounts.reached, effectiveLeaseMs(timing));
      if (copy === undefined) return;
      await this.keep(copy);
    }
  }

  private async keep(copy: GroupCopyRow): Promise<void> {
    const { groups, listAccounts: accounts } = this;
    const account = await accounts.reach(copy.provider);
    const group = await groups.findById(copy.clientId, copy.groupId);
    if (account === undefined) return;
    try {
      await accounts.mustHaveLists(account.name);
      await accounts.watching(account.name, () => this.work(copy, account, group));
    } catch (error) {
      await this.failed(copy, group === undefined, error);
    }
  }

  private async work(
    copy: GroupCopyRow,
    { audience }: ListAccount,
    group: Awaited<ReturnType<GroupRepository['findById']>>,
  ): Promise<void> {
    const { copier, groupCopies: copies, stopping } = this;
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(LONGEST_MS)]);
    if (group === undefined) return copier.takeAway({ copy, group, audience, signal });
    await copier.bringInStep({ copy, group, audience, signal });
    await copies.finish(copy);
  }

  private async failed(copy: GroupCopyRow, deleted: boolean, error: unknown): Promise<void> {
    const { groupCopies: copies, timing, log } = this;
    if (error instanceof CopyLeaseLostError) return;
    const { groupId, provider } = copy;
    log.warn({ groupId, provider, problem: String(error) }, 'a list could not be brought in step');
    // The service has ended, and its lists with it.
    if (deleted && error instanceof GatewayProblem && error.code === 'provider_retired') return copies.remove(copy);
    const refused = error instanceof GatewayProblem || error instanceof ProviderRefusedError;
    if (!refused) return copies.release(copy, pauseAfter(error, timing));
    await copies.release(copy, deleted ? REFUSED_PAUSE_MS : undefined);
  }
}

const pauseAfter = (error: unknown, { retryMaxMs, recoveryIntervalMs }: Timing): number =>
  error instanceof ProviderUnavailableError ? retryMaxMs : recoveryIntervalMs;
