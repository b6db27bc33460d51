import { ProviderRefusedError, ProviderUnavailableError, type AdministeredProvider } from '@gateway/core';
import type { Logger } from '@gateway/platform';
import type { SyncSuppressionsService } from './sync-suppressions.service.js';

/** Comparisons of the list of suppressions whose time has come, and those that somebody left unfinished. */
export class SweepSuppressionsService {
  private registered = false;

  constructor(
    private readonly deps: {
      readonly sync: SyncSuppressionsService;
      readonly providers: { readonly all: readonly AdministeredProvider[] };
      readonly stopping: AbortSignal;
      readonly log: Logger;
    },
  ) {}

  async execute(): Promise<void> {
    const { sync, providers } = this.deps;
    const able = providers.all.filter(({ suppressions }) => suppressions !== undefined);
    if (!this.registered) await sync.register(able.map(({ name }) => name));
    this.registered = true;
    for (const provider of able) await this.sync(provider);
  }

  private async sync(provider: AdministeredProvider): Promise<void> {
    const { sync, stopping, log } = this.deps;
    try {
      const report = await sync.execute(provider, { whole: false, due: true }, stopping);
      const changed = report !== undefined && Object.values(report.counts).some((count) => count > 0);
      if (changed) log.info({ provider: provider.name, ...report.counts }, 'the lists of suppressions were compared');
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError || error instanceof ProviderRefusedError)) throw error;
      log.warn({ provider: provider.name, err: error }, 'the lists of suppressions could not be compared');
    }
  }
}
