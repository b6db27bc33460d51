import { RecoveryRepository, type Database } from '@gateway/database';
import type { Metrics } from '@gateway/platform';

/** Counts what this process took over from workers that were gone. */
export class MeteredRecovery extends RecoveryRepository {
  private readonly lost;

  constructor(database: Database, metrics: Metrics) {
    super(database);
    this.lost = metrics.counter('gateway_leases_lost_total', 'Batches taken over from workers that were gone', [
      'provider',
      'became',
    ]);
  }

  override async takeLost(
    ...args: Parameters<RecoveryRepository['takeLost']>
  ): ReturnType<RecoveryRepository['takeLost']> {
    const lost = await super.takeLost(...args);
    for (const { provider, status } of lost) this.lost.inc({ provider, became: status });
    return lost;
  }
}
