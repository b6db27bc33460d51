import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsScope } from '../../http/scopes.js';
import { Documented } from '../../openapi/operation.js';
import { eventCatalog } from './event-catalog.js';
import { listWebhookEventTypes } from './event-types.openapi.js';

/** The catalogue of events, for authors of receivers. */
@ApiTags('Webhooks')
@Controller('v1/webhook-event-types')
@NeedsScope('webhooks')
export class WebhookEventTypesController {
  @Get()
  @Documented(listWebhookEventTypes)
  list(): unknown {
    return { data: eventCatalog(), nextCursor: null };
  }
}
