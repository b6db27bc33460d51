import { CONFIG, EgressGuard, targetPolicyOf, type GatewayConfig } from '@gateway/platform';
import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { EntryFilter } from './entry-filter.js';
import { ReplayService } from './replay.service.js';
import { EndpointSender } from './send/endpoint-sender.js';
import { LeftByErasures } from './send/left-by-erasures.js';
import { RequestSender } from './send/request-sender.js';
import { RoundPlanner } from './send/round.js';
import { Slicer } from './send/slices.js';
import { WebhookLoop } from './send/webhook-loop.js';
import { WebhookMetrics } from './send/webhook-metrics.js';
import { HeaderSeal } from './signing/header-seal.js';
import { SealHeadersService } from './send/seal-headers.service.js';
import { WebhookKeys } from './signing/keys.js';
import { TestEndpointService } from './test-endpoint.service.js';
import { WebhookEndpointsService } from './endpoints.service.js';

const guard = {
  provide: EgressGuard,
  useFactory: (config: GatewayConfig) => new EgressGuard({ policy: targetPolicyOf(config) }),
  inject: [CONFIG],
};

const services = [
  WebhookKeys,
  HeaderSeal,
  EntryFilter,
  RequestSender,
  ReplayService,
  TestEndpointService,
  WebhookEndpointsService,
];
const sending = [SealHeadersService, Slicer, RoundPlanner, WebhookMetrics, LeftByErasures, EndpointSender, WebhookLoop];

/** Endpoints of clients, and their secrets. */
@Module({ imports: [EventsModule], providers: [guard, ...services], exports: [guard, ...services] })
export class WebhooksModule {}

/** Sending events to endpoints. */
@Module({ imports: [EventsModule, WebhooksModule], providers: sending, exports: sending })
export class WebhookSendingModule {}
