import { Inject, Injectable } from '@nestjs/common';
import { ProviderRefusedError, ProviderUnavailableError, type AdministeredProvider } from '@gateway/core';
import { LOGGER, STOPPING, type Logger } from '@gateway/platform';
import { SyncSuppressionsService } from './sync-suppressions.service.js';
import { ProviderDirectory } from '../shared/provider-directory.js';

/** Runs comparisons of the suppression list that are due, and those that were left unfinished. */
@Injectable()
export class SweepSuppressionsService {
  private registered = false;

  constructor(
    private readonly sync: SyncSuppressionsService,
    private readonly providers: ProviderDirectory,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async execute(): Promise<void> {
    const { sync, providers } = this;
    const able = providers.all.filter(({ suppressions }) => suppressions !== undefined);
    if (!this.registered) await sync.register(able.map(({ name }) => name));
    this.registered = true;
    for (const provider of able) await this.compare(provider);
  }

  private async compare(provider: AdministeredProvider): Promise<void> {
    const { sync, stopping, log } = this;
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
