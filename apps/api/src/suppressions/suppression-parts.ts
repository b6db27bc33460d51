import { SuppressionCopyRepository, SuppressionSyncRepository, type Database } from '@gateway/database';
import { SyncNowService, SyncSuppressionsService } from '@gateway/delivery';
import type { GatewayConfig } from '@gateway/platform';

/** What comparing the list with those of the accounts needs, for Nest's container. */
export const suppressionParts = (database: Database, config: GatewayConfig): object[] => [
  new SyncNowService(
    new SyncSuppressionsService({
      database,
      syncs: new SuppressionSyncRepository(database),
      copies: new SuppressionCopyRepository(database),
      timing: config,
      everyMs: config.suppressionSyncIntervalMs,
    }),
  ),
];
