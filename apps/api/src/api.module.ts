import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeysController } from './access/api-keys.controller.js';
import { ScopeGuard } from './access/scope.guard.js';
import { AttachmentsController } from './attachments/attachments.controller.js';
import { ContactsController } from './audience/contacts.controller.js';
import { GroupsController } from './audience/groups.controller.js';
import { ImportController } from './audience/import.controller.js';
import { MembersController } from './audience/members.controller.js';
import { PushController } from './audience/push.controller.js';
import type { Gateway } from './gateway.js';
import { EventsController } from './events/events.controller.js';
import { BulkController } from './messages/bulk.controller.js';
import { CancelController } from './messages/cancel.controller.js';
import { MessagesController } from './messages/messages.controller.js';
import { SendController } from './messages/send.controller.js';
import { OperationsController } from './operations/operations.controller.js';
import { ProviderListsController } from './providers/provider-lists.controller.js';
import { BounceBlockController } from './providers/bounce-block.controller.js';
import { ProvidersController } from './providers/providers.controller.js';
import { StatisticsController } from './statistics/statistics.controller.js';
import { SuppressionSyncController } from './suppressions/sync.controller.js';
import { SuppressionsController } from './suppressions/suppressions.controller.js';
import { RecipientsController } from './recipients/recipients.controller.js';
import { ExportTemplatesController } from './templates/export-templates.controller.js';
import { ImportTemplatesController } from './templates/import-templates.controller.js';
import { PushTemplateController } from './templates/push-template.controller.js';
import { TemplateCategoriesController } from './templates/template-categories.controller.js';
import { TemplatesController } from './templates/templates.controller.js';

/** The HTTP edge: controllers over parts that were made before Nest. */
@Module({})
export class ApiModule {
  static over(gateway: Gateway): DynamicModule {
    return {
      module: ApiModule,
      controllers: [
        SendController,
        CancelController,
        BulkController,
        EventsController,
        MessagesController,
        RecipientsController,
        PushTemplateController,
        ExportTemplatesController,
        ImportTemplatesController,
        TemplatesController,
        TemplateCategoriesController,
        ImportController,
        ContactsController,
        MembersController,
        PushController,
        GroupsController,
        ProviderListsController,
        ProvidersController,
        BounceBlockController,
        AttachmentsController,
        ApiKeysController,
        SuppressionSyncController,
        StatisticsController,
        SuppressionsController,
        OperationsController,
      ],
      providers: [
        { provide: APP_GUARD, useClass: ScopeGuard },
        ...gateway.parts.map((part) => ({ provide: part.constructor as Type, useValue: part })),
      ],
    };
  }
}
