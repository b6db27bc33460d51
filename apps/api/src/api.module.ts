import { Database, DatabaseModule } from '@gateway/database';
import { ProvidersModule, SharedModule } from '@gateway/delivery';
import { PlatformModule, type Logger } from '@gateway/platform';
import { connectAccounts } from '@gateway/providers';
import { QueueModule } from '@gateway/queue';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessModule } from './access/access.module.js';
import { AttachmentsApiModule } from './attachments/attachments-api.module.js';
import { AudienceApiModule } from './audience/audience-api.module.js';
import { AuditApiModule } from './audit/audit-api.module.js';
import { ConsoleApiModule } from './console/console-api.module.js';
import { DoorModule } from './door/door.module.js';
import { ErasuresApiModule } from './erasures/erasures-api.module.js';
import { EventsApiModule } from './events/events-api.module.js';
import { BodyGuard } from './http/body.guard.js';
import { QueryGuard } from './http/query/query.guard.js';
import { InboundApiModule } from './inbound/inbound-api.module.js';
import { MessagesApiModule } from './messages/messages-api.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { ProvidersApiModule } from './providers/providers-api.module.js';
import type { ApiSettings } from './settings.js';
import { RoutesApiModule } from './routes/routes-api.module.js';
import { SendingDomainsApiModule } from './sending-domains/sending-domains-api.module.js';
import { StatisticsApiModule } from './statistics/statistics-api.module.js';
import { SuppressionsApiModule } from './suppressions/suppressions-api.module.js';
import { TemplatesApiModule } from './templates/templates-api.module.js';
import { WebhooksApiModule } from './webhooks/webhooks-api.module.js';
import { WorkloadApiModule } from './workload/workload-api.module.js';

/** More than the turns and uploads that the door lets in at once: keys and groups of single mails never wait. */
const DATABASE_CONNECTIONS = 24;
const QUEUE_CONNECTIONS = 8;

@Module({
  imports: [
    DoorModule,
    MessagesApiModule,
    EventsApiModule,
    ErasuresApiModule,
    TemplatesApiModule,
    AudienceApiModule,
    ProvidersApiModule,
    RoutesApiModule,
    AttachmentsApiModule,
    AccessModule,
    AuditApiModule,
    SendingDomainsApiModule,
    SuppressionsApiModule,
    StatisticsApiModule,
    WebhooksApiModule,
    OperationsModule,
    WorkloadApiModule,
    ConsoleApiModule,
  ],
  providers: [
    { provide: APP_GUARD, useClass: QueryGuard },
    { provide: APP_GUARD, useClass: BodyGuard },
  ],
})
export class ApiModule {
  static forRoot({ config, databaseUrl: url, accounts, secrets }: ApiSettings, log: Logger): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forRoot({ name: 'api', config, log }),
        DatabaseModule.forRoot({ url, connections: DATABASE_CONNECTIONS, applicationName: 'gateway-api' }),
        QueueModule.forRoot({ databaseUrl: url, connections: QUEUE_CONNECTIONS, after: Database }),
        // The api asks accounts what they can do and administers them; it never sends through them.
        ProvidersModule.forRoot(() => connectAccounts(accounts, config, { log, secrets })),
        SharedModule,
        InboundApiModule.forRoot(accounts),
      ],
    };
  }
}
