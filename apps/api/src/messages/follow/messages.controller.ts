import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MessageStateRepository, RecipientRepository, type MessageBrief, type MessageDetail } from '@gateway/database';
import { EventLog } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../../access/access.js';
import { NeedsScope } from '../../http/scopes.js';
import { listMessageBatches, listMessageEvents, listMessageRecipients } from './follow.openapi.js';
import { getMessage, listMessages } from '../messages.openapi.js';
import { Documented } from '../../openapi/operation.js';
import { Visit } from '../../door/visit.js';
import { isClosing } from '../../http/closing.js';
import { cursorFrom } from '../../events/cursors.js';
import { timelineQuery } from '../../events/event-list.schema.js';
import { presentEvent } from '../../events/event.presenter.js';
import { encodeCursor, toPage, type Page } from '../../http/page.js';
import { notFound, pathId } from '../../http/fields/path-id.js';
import {
  batchListQuery,
  messageListQuery,
  messageQuery,
  metadataFilter,
  recipientListQuery,
  type MessageListQuery,
} from './message-list.schema.js';
import { MessagePlaces } from './message-places.js';
import { presentBatch, presentDetail, presentRecipient, presentSummary } from './message.presenter.js';
import { WaitingAccounts } from './waiting-accounts.js';
import { waitUntilFinal } from './wait-until-final.js';

/** Rows of an erased message may still exist, but they are not shown. */
const NOTHING_LEFT: Page<never> = { data: [], nextCursor: null };

/** Messages and their state. A client sees its own. */
@ApiTags('Messages')
@Controller('v1/messages')
@NeedsScope('messages:read')
export class MessagesController {
  constructor(
    private readonly messages: MessageStateRepository,
    private readonly recipients: RecipientRepository,
    private readonly log: EventLog,
    private readonly waiting: WaitingAccounts,
    private readonly places: MessagePlaces,
  ) {}

  @Get()
  @Documented(listMessages)
  async list(
    @Query({ schema: messageListQuery }) query: MessageListQuery,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { limit, cursor, createdAfter, createdBefore, ...rest } = query;
    const { clientId } = ownerOf(request);
    const filter = {
      ...rest,
      ...(createdAfter && { createdAfter: new Date(createdAfter) }),
      ...(createdBefore && { createdBefore: new Date(createdBefore) }),
      metadata: metadataFilter(query),
    };
    const place = { ...(cursor && { before: cursor }), limit: limit + 1 };
    const { rows, searchedTo } = await this.messages.findPage(clientId, filter, place);
    const now = await this.waiting.find();
    const places = await this.places.find(rows);
    const first = await this.messages.findFirstAddresses(rows.map(({ id }) => id));
    const entry = (row: (typeof rows)[number]) =>
      presentSummary(row, now, { ...places(row.id), to: first.get(row.id) });
    const page = toPage(rows, limit, { entry, position: ({ id }) => id });
    return { ...page, nextCursor: page.nextCursor ?? (searchedTo === undefined ? null : encodeCursor(searchedTo)) };
  }

  @Get(':id')
  @Documented(getMessage)
  async get(
    @Param('id') id: string,
    @Query({ schema: messageQuery }) query: z.output<typeof messageQuery>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const find = async (): Promise<MessageDetail> => {
      const message = await this.messages.findById(ownerOf(request).clientId, pathId('message', id));
      if (message === undefined) throw notFound('message');
      return message;
    };
    const wait = query.waitFor === undefined ? 0 : query.timeout * 1000;
    // Waiting is no work: others may have its turn.
    if (wait > 0) Visit.of(request)?.endTurn();
    const message = await waitUntilFinal(find, wait, () => request.raw.destroyed || isClosing(request));
    const places = await this.places.find([message]);
    const first = await this.messages.findFirstAddresses([message.id]);
    const beside = { ...places(message.id), to: first.get(message.id) };
    return presentDetail(message, await this.waiting.find(), beside);
  }

  @Get(':id/recipients')
  @Documented(listMessageRecipients)
  async listRecipients(
    @Param('id') id: string,
    @Query({ schema: recipientListQuery }) query: z.output<typeof recipientListQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { limit, cursor, status, address } = query;
    const message = { clientId: ownerOf(request).clientId, messageId: pathId('message', id) };
    const filter = { ...(status && { status }), ...(address && { address }) };
    const now = await this.waiting.find();
    const page = { after: cursor ?? -1, limit: limit + 1 };
    const rows = await this.recipients.findByMessage(message, filter, page, now.sending);
    if (rows.length === 0) await this.find(request, id);
    return toPage(rows, limit, { entry: (row) => presentRecipient(row, now), position: ({ position }) => position });
  }

  @Get(':id/batches')
  @Documented(listMessageBatches)
  async listBatches(
    @Param('id') id: string,
    @Query({ schema: batchListQuery }) query: z.output<typeof batchListQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const message = { clientId: ownerOf(request).clientId, messageId: pathId('message', id) };
    const page = { after: query.cursor, limit: query.limit + 1 };
    const rows = await this.messages.findBatches(message, page);
    if (rows.length === 0) await this.find(request, id);
    const now = await this.waiting.find();
    return toPage(rows, query.limit, {
      entry: (row) => presentBatch(row, now),
      position: ({ positionFrom, id }) => ({ position: positionFrom, id }),
    });
  }

  @Get(':id/events')
  @Documented(listMessageEvents)
  async listEvents(
    @Param('id') id: string,
    @Query({ schema: timelineQuery }) query: z.output<typeof timelineQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const message = await this.find(request, id);
    if (message.erasedAt !== null) return NOTHING_LEFT;
    const from = await cursorFrom(this.log, ownerOf(request).clientId, query.cursor);
    const { events, next, more } = await this.log.read({ messageId: message.id }, from, query.limit);
    return { data: events.map(({ event }) => presentEvent(event)), nextCursor: more ? encodeCursor(next) : null };
  }

  /** @throws GatewayProblem when the client has no such message. */
  private async find(request: FastifyRequest, id: string): Promise<MessageBrief> {
    const message = await this.messages.findBrief(ownerOf(request).clientId, pathId('message', id));
    if (message === undefined) throw notFound('message');
    return message;
  }
}
