import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@gateway/platform';
import { ProviderAccountRepository, QuotaRepository } from '@gateway/database';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import type { Timing } from '../../shared/timing.js';
import { quotaState } from './quota.js';

/** Milliseconds. Finds mail that a process with a smaller quota still put off. */
const RELEASED_EVERY_MS = 600_000;

interface Look {
  readonly left: number | null;
  readonly releasedAt: number;
}

/**
 * Lets go what waits for a quota, as soon as there is a larger one or a new period. As long as no room is added, nothing
 * is looked for: it would be looked for among everything that has a time of its own, however much that is.
 */
@Injectable()
export class ReleaseQuotaService {
  private readonly looks = new Map<string, Look>();

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
      const isDue = this.isDue(name, left);
      if (left !== 0 && isDue) await quota.release(name, left, timing.retryMaxMs);
      // Not before: what could not be let go is looked for again.
      this.note(name, left, isDue);
    }
  }

  /** May something wait that fits in now? */
  private isDue(name: string, left: number | null): boolean {
    const before = this.looks.get(name);
    return before === undefined || hasGrown(before, left) || performance.now() - before.releasedAt > RELEASED_EVERY_MS;
  }

  private note(name: string, left: number | null, released: boolean): void {
    const releasedAt = released ? performance.now() : (this.looks.get(name)?.releasedAt ?? 0);
    this.looks.set(name, { left, releasedAt });
  }
}

/** The room of an account without a quota is the same at all times. */
const hasGrown = (before: Look, left: number | null): boolean =>
  left !== before.left && (left === null || left > (before.left ?? Infinity));
