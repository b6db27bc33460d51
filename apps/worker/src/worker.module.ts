import { Database, DatabaseModule } from '@gateway/database';
import {
  AccountsModule,
  AttachmentsModule,
  AudienceModule,
  BatchesModule,
  ContentsModule,
  ErasingModule,
  ProvidersModule,
  RetentionModule,
  RoutesModule,
  SharedModule,
  SuppressionsModule,
  TemplatesModule,
  WebhookSendingModule,
} from '@gateway/delivery';
import { PlatformModule, type Logger } from '@gateway/platform';
import { connectAccounts } from '@gateway/providers';
import { QueueModule } from '@gateway/queue';
import { Module, type DynamicModule } from '@nestjs/common';
import { Lanes } from './lanes.js';
import { ProviderMetrics } from './metered-provider.js';
import { WorkerOperations } from './operations.js';
import type { WorkerSettings } from './settings.js';
import { Sweeper } from './sweeper.js';
import { Sweeps } from './sweeps.js';

const DATABASE_CONNECTIONS = 16;
const QUEUE_CONNECTIONS = 32;

/** The process that sends through providers. */
@Module({
  imports: [
    AccountsModule,
    BatchesModule,
    AudienceModule,
    AttachmentsModule,
    TemplatesModule,
    SuppressionsModule,
    RetentionModule,
    ErasingModule,
    RoutesModule,
    WebhookSendingModule,
    ContentsModule,
  ],
  providers: [Lanes, Sweeps, Sweeper, WorkerOperations],
})
export class WorkerModule {
  /** @param stopping aborted at shutdown: nothing new is posted from then on */
  static forRoot(settings: WorkerSettings, log: Logger, stopping: AbortSignal): DynamicModule {
    const { config, databaseUrl: url, accounts, secrets } = settings;
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forRoot({ name: 'worker', config, log, stopping }),
        DatabaseModule.forRoot({ url, connections: DATABASE_CONNECTIONS, applicationName: 'gateway-worker' }),
        QueueModule.forRoot({ databaseUrl: url, connections: QUEUE_CONNECTIONS, after: Database }),
        ProvidersModule.forRoot((metrics) => {
          const connected = connectAccounts(accounts, config, { log, secrets });
          const measured = new ProviderMetrics(metrics);
          return { ...connected, providers: connected.providers.map((provider) => measured.measure(provider)) };
        }),
        SharedModule,
      ],
    };
  }
}
