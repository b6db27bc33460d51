import { Database, StatisticRepository } from '@gateway/database';
import {
  BacklogFeeder,
  ExpandAudiencesService,
  HaltRoutesService,
  FollowUpdatesService,
  KeepListsService,
  KeepTemplateCopiesService,
  MoveWaitingService,
  RecoverService,
  ReleaseQuotaService,
  RotateContentKeysService,
  RemoveAttachmentsService,
  ShadowRoutesService,
  SweepErasuresService,
  SweepRetentionService,
  SweepSuppressionsService,
  WebhookLoop,
} from '@gateway/delivery';
import { CONFIG, type GatewayConfig } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';

export interface Sweep {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

const LONGEST_SCHEDULE_SWEEP_MS = 1000;
const BACKLOG_SWEEP_MS = 500;
const STATISTICS_SWEEP_MS = 10_000;
const PARTITION_SWEEP_MS = 3_600_000;
const RETENTION_SWEEP_MS = 3_600_000;
const WEBHOOK_SWEEP_MS = 3_600_000;

/** Periodic work that no job triggers. */
@Injectable()
export class Sweeps {
  constructor(
    private readonly recover: RecoverService,
    private readonly feeder: BacklogFeeder,
    private readonly updates: FollowUpdatesService,
    private readonly moveWaiting: MoveWaitingService,
    private readonly releaseQuota: ReleaseQuotaService,
    private readonly expand: ExpandAudiencesService,
    private readonly removeAttachments: RemoveAttachmentsService,
    private readonly keepTemplates: KeepTemplateCopiesService,
    private readonly keepLists: KeepListsService,
    private readonly syncSuppressions: SweepSuppressionsService,
    private readonly retention: SweepRetentionService,
    private readonly erasures: SweepErasuresService,
    private readonly webhooks: WebhookLoop,
    private readonly contentKeys: RotateContentKeysService,
    private readonly haltRoutes: HaltRoutesService,
    private readonly shadowRoutes: ShadowRoutesService,
    private readonly statistics: StatisticRepository,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Those that this worker runs: all, or none. */
  get all(): readonly Sweep[] {
    if (!this.config.workerLanes.includes('upkeep')) return [];
    const { pollIntervalMs, recoveryIntervalMs } = this.config;
    const soonMs = Math.min(recoveryIntervalMs, LONGEST_SCHEDULE_SWEEP_MS);
    const { recover } = this;
    return [
      { name: 'schedule', everyMs: Math.min(pollIntervalMs, soonMs), run: () => recover.sweepSchedule() },
      {
        name: 'backlog',
        everyMs: Math.min(recoveryIntervalMs, BACKLOG_SWEEP_MS),
        run: () => this.feeder.sweepBacklog(),
      },
      // Each by itself: one that does not answer does not hold up the others.
      ...this.updates.accounts.map((account) => ({
        name: `updates of ${account}`,
        everyMs: Math.min(pollIntervalMs, soonMs),
        run: () => this.updates.sweep(account),
      })),
      { name: 'audience', everyMs: soonMs, run: () => this.expand.execute() },
      { name: 'route-guards', everyMs: soonMs, run: () => this.haltRoutes.sweep() },
      { name: 'route-shadows', everyMs: soonMs, run: () => this.shadowRoutes.sweep() },
      { name: 'lost', everyMs: recoveryIntervalMs, run: () => recover.sweepLost() },
      { name: 'accounts', everyMs: recoveryIntervalMs, run: () => this.moveWaiting.sweep() },
      { name: 'quotas', everyMs: recoveryIntervalMs, run: () => this.releaseQuota.sweep() },
      { name: 'attachments', everyMs: recoveryIntervalMs, run: () => this.removeAttachments.sweep() },
      { name: 'templates', everyMs: recoveryIntervalMs, run: () => this.keepTemplates.sweep() },
      { name: 'lists', everyMs: recoveryIntervalMs, run: () => this.keepLists.sweep() },
      { name: 'suppressions', everyMs: recoveryIntervalMs, run: () => this.syncSuppressions.execute() },
      { name: 'erasures', everyMs: recoveryIntervalMs, run: () => this.erasures.execute() },
      { name: 'content-keys', everyMs: recoveryIntervalMs, run: () => this.contentKeys.execute() },
      { name: 'statistics', everyMs: STATISTICS_SWEEP_MS, run: () => this.statistics.rollUp() },
      { name: 'partitions', everyMs: PARTITION_SWEEP_MS, run: () => this.database.ensurePartitions() },
      { name: 'webhooks', everyMs: WEBHOOK_SWEEP_MS, run: () => this.webhooks.clean() },
      { name: 'retention', everyMs: RETENTION_SWEEP_MS, run: () => this.retention.execute() },
    ];
  }
}
