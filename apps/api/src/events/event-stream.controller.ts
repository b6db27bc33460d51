import { Readable } from 'node:stream';
import { GatewayProblem } from '@gateway/core';
import { EventLog, LiveLog, type LogCursor, type Told } from '@gateway/delivery';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { shownTo, type Shown } from '../access/addresses/masked-answers.js';
import { Callers } from '../access/callers.js';
import { endedWithKey } from '../access/still-allowed.js';
import { Visit } from '../door/visit.js';
import { parseWith } from '../http/fields/field-errors.js';
import { encodeCursor } from '../http/page.js';
import { NeedsScope } from '../http/scopes.js';
import { Documented } from '../openapi/operation.js';
import { cursorFrom } from './cursors.js';
import { eventStreamQuery, lastEventId, type GivenCursor } from './event-list.schema.js';
import { presentEvent } from './event.presenter.js';
import { streamEvents } from './events.openapi.js';
import { OpenStreams } from './open-streams.js';

/** Milliseconds between two pings, which keep a quiet stream open in proxies. */
const PING_MS = 15_000;
/** When to connect again after a stream has ended. */
const RECONNECT_MS = 3000;

/** The same events as they happen, as Server-Sent Events. */
@ApiTags('Events')
@Controller('v1/events')
@NeedsScope('messages:read')
export class EventStreamController {
  constructor(
    private readonly log: EventLog,
    private readonly live: LiveLog,
    private readonly streams: OpenStreams,
    private readonly callers: Callers,
  ) {}

  @Get('stream')
  @Documented(streamEvents)
  async stream(
    @Query({ schema: eventStreamQuery }) query: z.output<typeof eventStreamQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    const given = resumedFrom(request) ?? query.cursor;
    const from = given === undefined ? await this.log.findEnd(clientId) : await cursorFrom(this.log, clientId, given);
    const gone = this.streams.open(clientId, reply.raw);
    const end = query.timeout === undefined ? gone : AbortSignal.any([gone, AbortSignal.timeout(query.timeout * 1000)]);
    // It holds its connection, but not the turn of a request that is worked on.
    Visit.of(request)?.endTurn();
    const told = this.live.follow({
      clientId,
      from,
      messageId: query.messageId,
      idleMs: PING_MS,
      signal: end,
      filter: query.types,
    });
    const chunks = endedWithKey(this.callers, request, serverSentEvents(from, told, shownTo(request)));
    await reply
      .headers({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        // Its connection ends with it: kept alive, it would hold a process that stops.
        connection: 'close',
        // Nginx would collect the answer before it passes it on.
        'x-accel-buffering': 'no',
      })
      .send(Readable.from(chunks, { objectMode: false, highWaterMark: 64 * 1024 }));
  }
}

/** @throws GatewayProblem when the header is there and is no cursor. */
function resumedFrom({ headers }: FastifyRequest): GivenCursor | undefined {
  const given = headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  if (Array.isArray(given)) throw new GatewayProblem('malformed_json', 'There is more than one Last-Event-ID.');
  return parseWith(lastEventId, { 'Last-Event-ID': given })['Last-Event-ID'];
}

/** The text of the stream. Every chunk ends with a cursor, also one without an event. */
async function* serverSentEvents(from: LogCursor, told: AsyncGenerator<Told>, shown: Shown): AsyncGenerator<string> {
  yield `retry: ${RECONNECT_MS}\nid: ${encodeCursor(from)}\n\n`;
  for await (const { events, next } of told) {
    if (events.length === 0) yield `: ping\nid: ${encodeCursor(next)}\n\n`;
    else yield events.map(({ event, after }) => toText(shown(presentEvent(event)), after)).join('');
  }
}

const toText = (event: ReturnType<typeof presentEvent>, after: LogCursor): string =>
  `id: ${encodeCursor(after)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
