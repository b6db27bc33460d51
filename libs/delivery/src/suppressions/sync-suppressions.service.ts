import { Inject, Injectable } from '@nestjs/common';
import type { AdministeredProvider } from '@gateway/core';
import {
  AuditRepository,
  Database,
  NOTHING_SYNCED,
  SuppressionCopyRepository,
  SuppressionSyncRepository,
  type SyncCounts,
  type SyncPass,
  SyncTakenError,
} from '@gateway/database';
import { AccountStores } from '../shared/account-stores.js';
import { effectiveLeaseMs, type Timing } from '../shared/timing.js';
import { steps } from './sync-steps.js';
import { CONFIG, type GatewayConfig } from '@gateway/platform';

export interface SyncReport {
  readonly provider: string;
  /** False: it was interrupted, and the next run continues. */
  readonly finished: boolean;
  /** It was begun before it was asked for. */
  readonly resumed: boolean;
  readonly startedAt: Date;
  readonly counts: SyncCounts;
}

/**
 * Compares our suppression list with an account's own, and applies the changes of each to the other.
 *
 * The copies hold the account's list at the last comparison. They tell an addition on one side from a removal on the
 * other. An address that only the account has is added to our list, unless we removed it; one that only we have is
 * registered at the account, unless it was removed there. If both sides changed, the later change wins. Our changes
 * have a time. An entry of the account has one if the provider reports it; a removal is only known to have happened
 * since the entry was last seen. In doubt, the opt-out wins.
 *
 * Only opt-outs from advertisements are compared, because these lists hold nothing else: bounces and suppressions of
 * all mail are ours alone. A comparison works page by page. Each page is written with the position of the next, so it
 * can stop anywhere, and a token keeps two comparisons from working on one account.
 */
@Injectable()
export class SyncSuppressionsService {
  constructor(
    private readonly database: Database,
    private readonly syncs: SuppressionSyncRepository,
    private readonly copies: SuppressionCopyRepository,
    private readonly audit: AuditRepository,
    private readonly stores: AccountStores,
    @Inject(CONFIG) private readonly config: Timing & Pick<GatewayConfig, 'suppressionSyncIntervalMs'>,
  ) {}

  async register(providers: readonly string[]): Promise<void> {
    const stores = await Promise.all(providers.map((name) => this.stores.of(name)));
    await this.syncs.register([...new Set(stores)], this.config.suppressionSyncIntervalMs > 0);
  }

  /**
   * Starts or continues one comparison, until it is finished or `signal` is aborted.
   * @returns `undefined` if another process is working on it, or it is not due.
   * @throws ProviderRefusedError, ProviderUnavailableError; it is tried again later.
   */
  async execute(
    provider: AdministeredProvider,
    wanted: { readonly whole: boolean; readonly due: boolean },
    signal: AbortSignal,
  ): Promise<SyncReport | undefined> {
    const { syncs, config } = this;
    // Accounts that share a list share its comparison.
    const store = await this.stores.of(provider.name);
    const pass = await syncs.take(store, wanted, effectiveLeaseMs(config));
    if (pass === undefined) return undefined;
    try {
      return { ...(await this.go(provider, pass, signal)), provider: provider.name };
    } catch (error) {
      await syncs.release(pass, signal.aborted ? 0 : config.retryMaxMs);
      if (error instanceof SyncTakenError || signal.aborted) {
        return { ...reportOf(pass, false), provider: provider.name };
      }
      throw error;
    }
  }

  private async go({ suppressions }: AdministeredProvider, taken: SyncPass, signal: AbortSignal): Promise<SyncReport> {
    const { database, syncs, copies, config, audit } = this;
    if (suppressions === undefined) throw new Error(`${taken.provider} keeps no list of its own`);
    let pass = taken;
    for (;;) {
      signal.throwIfAborted();
      const { next, write } = await steps[pass.step](pass, { part: suppressions, copies, signal });
      pass = await database.transaction(async (tx) => {
        const changes = await write(tx);
        const after = { ...pass, ...next, counts: sum(pass.counts, changes) };
        const { addedHere: added = 0, removedHere: removed = 0 } = changes;
        if (added + removed > 0) {
          audit.record(tx, { action: 'suppression.sync', target: pass.provider, after: { added, removed } });
        }
        await syncs.advance(tx, after, effectiveLeaseMs(config));
        return after;
      });
      if (next === undefined) break;
    }
    await syncs.finish(pass, config.suppressionSyncIntervalMs);
    return reportOf(pass, true);
  }
}

const reportOf = ({ provider, resumed, startedAt, counts }: SyncPass, finished: boolean): SyncReport => ({
  provider,
  finished,
  resumed,
  startedAt,
  counts,
});

export const sum = (counts: SyncCounts, more: Partial<SyncCounts>): SyncCounts => {
  const total = { ...NOTHING_SYNCED };
  for (const name of Object.keys(total) as (keyof SyncCounts)[]) total[name] = counts[name] + (more[name] ?? 0);
  return total;
};
