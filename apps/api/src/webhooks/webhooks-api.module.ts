import { EventsModule, WebhooksModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { GivenPlaces } from './given-place.js';
import { WebhookActionsController } from './actions.controller.js';
import { WebhookDeliveriesController } from './deliveries.controller.js';
import { WebhookEndpointsController } from './endpoints.controller.js';
import { WebhookEventTypesController } from './event-types/event-types.controller.js';

/** Endpoints that get a client's events. */
@Module({
  imports: [AccessModule, EventsModule, WebhooksModule],
  controllers: [
    WebhookEventTypesController,
    WebhookEndpointsController,
    WebhookActionsController,
    WebhookDeliveriesController,
  ],
  providers: [GivenPlaces],
})
export class WebhooksApiModule {}
