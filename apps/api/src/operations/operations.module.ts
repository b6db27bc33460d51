import {
  ContentKeyRepository,
  Database,
  LogHorizon,
  pendingMigrations,
  ProviderAccountRepository,
  WebhookWorkRepository,
  WorkloadRepository,
} from '@gateway/database';
import { ProviderDirectory } from '@gateway/delivery';
import { DiskGuard, HealthChecks, LOGGER, Metrics, type Logger } from '@gateway/platform';
import { openQueueBoard, QueueBackend, QueueBoard, queueNamesOf } from '@gateway/queue';
import { Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { Door } from '../door/door.js';
import { DoorModule } from '../door/door.module.js';
import { registerGauges } from './gauges.js';
import { OperationsController } from './operations.controller.js';
import { BOARD_PATH } from './queue-board.js';

const board = {
  provide: QueueBoard,
  useFactory: (backend: QueueBackend, { names }: ProviderDirectory) =>
    openQueueBoard(backend, names.flatMap(queueNamesOf), BOARD_PATH),
  inject: [QueueBackend, ProviderDirectory],
};

const checks = {
  provide: HealthChecks,
  useFactory: (log: Logger, database: Database, backend: QueueBackend, ...[disk, door]: [DiskGuard, Door]) =>
    new HealthChecks({ onDown: (check, error) => log.warn({ check, err: error }, 'not ready') })
      .add('database', () => database.ping())
      .add('queue', () => backend.health())
      .add('disk', disk.check)
      .add('door', door.check)
      .add('migrations', async () => {
        const pending = await pendingMigrations((sql) => database.pool.query<{ name: string }>(sql));
        if (pending.length > 0) throw new Error(`migrations are missing: ${pending.join(', ')}`);
      }),
  inject: [LOGGER, Database, QueueBackend, DiskGuard, Door],
};

/** Health, metrics and the queue board. */
@Module({ imports: [DoorModule], controllers: [OperationsController], providers: [board, checks], exports: [board] })
export class OperationsModule implements BeforeApplicationShutdown {
  constructor(
    metrics: Metrics,
    workload: WorkloadRepository,
    accounts: ProviderAccountRepository,
    providers: ProviderDirectory,
    horizon: LogHorizon,
    webhooks: WebhookWorkRepository,
    contentKeys: ContentKeyRepository,
    { watch }: QueueBackend,
    private readonly board: QueueBoard,
  ) {
    const { names } = providers;
    registerGauges(metrics, { workload, accounts, horizon, webhooks, contentKeys, providers: names });
    const away = metrics.gauge('gateway_queue_away', '1 while this process does without the queue, because it is away');
    away.set(Number(watch.isAway));
    watch.onChange((isAway) => away.set(Number(isAway)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.board.close();
  }
}
