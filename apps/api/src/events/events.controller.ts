import { MessageStateRepository } from '@gateway/database';
import { EventLog } from '@gateway/delivery';
import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { encodeCursor, type Page } from '../http/page.js';
import { NeedsScope } from '../http/scopes.js';
import { Documented } from '../openapi/operation.js';
import { cursorFrom } from './cursors.js';
import { eventListQuery } from './event-list.schema.js';
import { presentEvent } from './event.presenter.js';
import { listEvents } from './events.openapi.js';

/** The feed of everything that happens, to catch up with. */
@ApiTags('Events')
@Controller('v1/events')
@NeedsScope('messages:read')
export class EventsController {
  constructor(
    private readonly log: EventLog,
    private readonly messages: MessageStateRepository,
  ) {}

  @Get()
  @Documented(listEvents)
  async list(
    @Query({ schema: eventListQuery }) { limit, cursor, types, messageId }: z.output<typeof eventListQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { clientId } = ownerOf(request);
    const from = await cursorFrom(this.log, clientId, cursor);
    // Another client's message has no events here, as if it did not exist.
    const isForeign = messageId !== undefined && (await this.messages.findBrief(clientId, messageId)) === undefined;
    if (isForeign) return { data: [], nextCursor: encodeCursor(from) };
    const scope = messageId === undefined ? { clientId } : { messageId };
    const { events, next } = await this.log.read(scope, from, limit, types);
    return { data: events.map(({ event }) => presentEvent(event)), nextCursor: encodeCursor(next) };
  }
}
