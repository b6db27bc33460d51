import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayProblem, type AdministeredProvider } from '@gateway/core';
import { administer } from '../accounts/administer.js';
import { sum, type SyncReport, SyncSuppressionsService } from './sync-suppressions.service.js';

/** The answer about an account to a waiting caller. */
export type SyncResult =
  (SyncReport & { readonly problem?: undefined }) | { readonly provider: string; readonly problem: GatewayProblem };

/** How long a caller waits; what is not finished then, the worker finishes. */
const WITHIN_MS = 25_000;
const LOOK_AGAIN_MS = 200;

/** Compares lists while a caller waits. */
@Injectable()
export class SyncNowService {
  constructor(private readonly sync: SyncSuppressionsService) {}

  /** One account after the other, and once more if a later one has changed our list. */
  async execute(providers: readonly AdministeredProvider[]): Promise<SyncResult[]> {
    const signal = AbortSignal.timeout(WITHIN_MS);
    await this.sync.register(providers.map(({ name }) => name));
    const results: SyncResult[] = [];
    for (const provider of providers) results.push(await this.compare(provider, true, signal));
    for (const [index, provider] of providers.entries()) {
      const before = results[index];
      if (before?.problem !== undefined || !results.slice(index + 1).some(hasChangedOurs)) continue;
      results[index] = joined(before, await this.compare(provider, false, signal));
    }
    return results;
  }

  private async compare(provider: AdministeredProvider, whole: boolean, signal: AbortSignal): Promise<SyncResult> {
    try {
      return await administer({ account: provider.name, withinMs: 2 * WITHIN_MS }, () =>
        this.wait(provider, whole, signal),
      );
    } catch (error) {
      if (!(error instanceof GatewayProblem)) throw error;
      return { provider: provider.name, problem: error };
    }
  }

  /** Waits for others who are at it; what they have begun before does not count as what was asked for now. */
  private async wait(provider: AdministeredProvider, whole: boolean, signal: AbortSignal): Promise<SyncReport> {
    for (;;) {
      const report = await this.sync.execute(provider, { whole, due: false }, signal);
      if (report?.finished === true && report.resumed) {
        const again = await this.wait(provider, false, signal);
        return { ...again, counts: sum(report.counts, again.counts) };
      }
      if (report !== undefined) return report;
      if (signal.aborted) throw new GatewayProblem('overloaded', busy(provider), { retryAfterSeconds: 5 });
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

const busy = ({ name }: AdministeredProvider): string => `the list of ${name} is being compared already.`;

const hasChangedOurs = (result: SyncResult): boolean =>
  result.problem === undefined && result.counts.addedHere + result.counts.removedHere > 0;

function joined(before: SyncResult | undefined, after: SyncResult): SyncResult {
  if (before === undefined || before.problem !== undefined || after.problem !== undefined) return after;
  return { ...after, startedAt: before.startedAt, counts: sum(before.counts, after.counts) };
}
