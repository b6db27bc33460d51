import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Timeline } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../../access/access.js';
import { NeedsScope } from '../../http/scopes.js';
import { listEvents } from './events.openapi.js';
import { Documented } from '../../openapi/operation.js';
import { encodeCursor, type Page } from '../../http/page.js';
import { eventListQuery } from './message-list.schema.js';
import { presentEvent } from './message.presenter.js';

/** The feed of everything that happens, to catch up with. */
@ApiTags('Events')
@Controller('v1/events')
@NeedsScope('messages:read')
export class EventsController {
  constructor(private readonly timeline: Timeline) {}

  @Get()
  @Documented(listEvents)
  async list(
    @Query({ schema: eventListQuery }) query: z.output<typeof eventListQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { clientId } = ownerOf(request);
    const { events, next } = await this.timeline.feed(clientId, query.cursor, query.limit);
    const cursor = next ?? query.cursor;
    return { data: events.map(presentEvent), nextCursor: cursor === undefined ? null : encodeCursor(cursor) };
  }
}
