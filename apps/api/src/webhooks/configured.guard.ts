import { WebhookEndpointsService } from '@gateway/delivery';
import { Injectable, type CanActivate } from '@nestjs/common';

/** Refuses every call where the gateway has no master key. */
@Injectable()
export class WebhooksConfigured implements CanActivate {
  constructor(private readonly endpoints: WebhookEndpointsService) {}

  canActivate(): boolean {
    this.endpoints.expectConfigured();
    return true;
  }
}
