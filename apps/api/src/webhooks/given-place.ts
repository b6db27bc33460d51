import { EventLog, WebhookEndpointsService } from '@gateway/delivery';
import type { WebhookPlace } from '@gateway/database';
import { Injectable } from '@nestjs/common';
import { cursorFrom } from '../events/cursors.js';
import type { GivenPlace } from './endpoint.schema.js';

/** Reads a place in the log that a caller names, as a cursor or as a time. */
@Injectable()
export class GivenPlaces {
  constructor(
    private readonly log: EventLog,
    private readonly endpoints: WebhookEndpointsService,
  ) {}

  /** Without one: what happens from now on. */
  async read(clientId: string, given: GivenPlace | undefined): Promise<WebhookPlace> {
    const place = given === undefined || given instanceof Date ? given : await cursorFrom(this.log, clientId, given);
    return this.endpoints.placeFor(clientId, place);
  }
}
