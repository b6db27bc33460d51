import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@gateway/platform';
import { ProviderAccountRepository, QuotaRepository } from '@gateway/database';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import type { Timing } from '../../shared/timing.js';
import { quotaState } from './quota.js';

/** Lets go what waits for a quota, as soon as there is a larger one or a new period. */
@Injectable()
export class ReleaseQuotaService {
  constructor(
    private readonly accounts: ProviderAccountRepository,
    private readonly quota: QuotaRepository,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  async sweep(): Promise<void> {
    const { accounts, quota, providers, timing } = this;
    for (const { name, usedInPeriod, usedUpAt } of await accounts.find(providers.names)) {
      const { left } = quotaState(providers.find(name)?.capabilities.limits ?? {}, usedInPeriod);
      if (left !== 0 && usedUpAt !== null) await quota.open(name);
      if (left !== 0) await quota.release(name, left, timing.retryMaxMs);
    }
  }
}
