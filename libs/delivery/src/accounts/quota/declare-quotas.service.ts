import { Injectable } from '@nestjs/common';
import { QuotaRepository } from '@gateway/database';
import { ProviderDirectory } from '../../shared/provider-directory.js';

/** Writes down by which period each account counts its quota, before anything is sent: SQL books by it. */
@Injectable()
export class DeclareQuotasService {
  constructor(
    private readonly quota: QuotaRepository,
    private readonly providers: ProviderDirectory,
  ) {}

  async execute(): Promise<void> {
    const periods = this.providers.all.flatMap(({ name: provider, capabilities: { limits } }) =>
      limits.quota === undefined ? [] : [{ provider, per: limits.quota.per, timeZone: limits.quota.timeZone }],
    );
    await this.quota.declarePeriods(periods);
  }
}
