import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database, WebhookEndpointRepository, type WebhookSettings } from '@gateway/database';
import { WebhookEndpointsService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { SealedAnswers } from '../access/sealed-answers.js';
import { given } from '../http/fields/given.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { toPage, type Page } from '../http/page.js';
import { withRules } from '../http/route-rules.js';
import { NeedsScope } from '../http/scopes.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { GivenPlaces } from './given-place.js';
import * as docs from './endpoints.openapi.js';
import { presentEndpoint, presentHealth } from './presenter.js';
import { createEndpoint, updateEndpoint } from './endpoint.schema.js';
import { listEndpoints } from './lists.schema.js';
import { WebhooksConfigured } from './configured.guard.js';

const DEFAULT_IN_FLIGHT = 4;
const DEFAULT_BATCH = 100;
const DEFAULT_WAIT_MS = 1000;

/** Where a client wants its events sent. */
@ApiTags('Webhooks')
@Controller('v1/webhook-endpoints')
@NeedsScope('webhooks')
@UseGuards(WebhooksConfigured)
@withRules({ hasNoPeople: true })
export class WebhookEndpointsController {
  constructor(
    private readonly service: WebhookEndpointsService,
    private readonly endpoints: WebhookEndpointRepository,
    private readonly places: GivenPlaces,
    private readonly answers: SealedAnswers,
    private readonly database: Database,
  ) {}

  @Post()
  @Audited('webhook_endpoint.create')
  @Documented(docs.createWebhookEndpoint)
  async create(
    @Body({ schema: createEndpoint }) input: z.output<typeof createEndpoint>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = ownerOf(request);
    await this.service.expectAllowed(input.url);
    const place = await this.places.read(owner.clientId, input.from);
    const answer = await this.answers.once(request, idempotencyOf(request), async (tx) => {
      const { signing = 'hmac', enabled = true } = input;
      const { row, key } = await this.service.create(tx, owner, {
        ...defaults,
        ...settingsOf(input),
        url: input.url,
        ...{ signing, enabled, place },
      });
      const body = { ...presentEndpoint(row), ...key };
      return { status: 201, headers: { location: `/v1/webhook-endpoints/${body.id}` }, body: JSON.stringify(body) };
    });
    sendAnswer(reply, answer);
  }

  @Get()
  @Documented(docs.listWebhookEndpoints)
  async list(
    @Query({ schema: listEndpoints }) { limit, cursor }: z.output<typeof listEndpoints>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const page = { before: cursor, limit: limit + 1 };
    const rows = await this.endpoints.findPage(ownerOf(request).clientId, page);
    return toPage(rows, limit, {
      entry: (row) => presentEndpoint(row, this.service.publicKey(row)),
      position: ({ id }) => id,
    });
  }

  @Get(':id')
  @Documented(docs.getWebhookEndpoint)
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const row = await this.endpoints.findById(ownerOf(request).clientId, pathId('webhookEndpoint', id));
    if (row === undefined) throw notFound('webhookEndpoint');
    const health = presentHealth(row, await this.service.lag(row));
    return { ...presentEndpoint(row, this.service.publicKey(row)), health };
  }

  @Patch(':id')
  @Audited('webhook_endpoint.update')
  @Documented(docs.updateWebhookEndpoint)
  async update(
    @Param('id') id: string,
    @Body({ schema: updateEndpoint }) input: z.output<typeof updateEndpoint>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const endpoint = { clientId: ownerOf(request).clientId, id: pathId('webhookEndpoint', id) };
    if ((await this.endpoints.findById(endpoint.clientId, endpoint.id)) === undefined)
      throw notFound('webhookEndpoint');
    if (input.url !== undefined) await this.service.expectAllowed(input.url);
    const change = { ...settingsOf(input), ...given({ url: input.url, enabled: input.enabled }) };
    const row = await this.database.repeatable((tx) => this.service.update(tx, endpoint, change));
    if (row === undefined) throw notFound('webhookEndpoint');
    return presentEndpoint(row, this.service.publicKey(row));
  }

  @Delete(':id')
  @Audited('webhook_endpoint.delete')
  @HttpCode(204)
  @Documented(docs.deleteWebhookEndpoint)
  async remove(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const [{ clientId }, uuid] = [ownerOf(request), pathId('webhookEndpoint', id)];
    const removed = await this.database.repeatable((tx) => this.endpoints.delete(tx, clientId, uuid));
    if (!removed) throw notFound('webhookEndpoint');
  }
}

const defaults: Omit<WebhookSettings, 'url'> = {
  description: null,
  events: ['*'],
  filter: {},
  batchMaxEvents: null,
  batchMaxWaitMs: null,
  ordered: false,
  maxInFlight: DEFAULT_IN_FLIGHT,
  maxPerSecond: null,
  headers: {},
};

/** Members that were given. An empty text, list or object, and the number 0, clear what was there. */
function settingsOf(input: Omit<z.output<typeof updateEndpoint>, 'url' | 'enabled'>): Partial<WebhookSettings> {
  const { description, events, filter, batch, maxPerSecond } = input;
  return {
    ...given({ ordered: input.ordered, maxInFlight: input.maxInFlight, headers: input.headers }),
    ...(description !== undefined && { description: description === '' ? null : description }),
    ...(events !== undefined && { events: events.length === 0 ? ['*'] : [...new Set(events)] }),
    ...(filter !== undefined && { filter: given(filter) }),
    ...(maxPerSecond !== undefined && { maxPerSecond: maxPerSecond === 0 ? null : maxPerSecond }),
    ...(batch !== undefined && batchOf(batch)),
  };
}

const batchOf = (batch: { readonly maxEvents?: number | undefined; readonly maxWaitMs?: number | undefined }) =>
  batch.maxEvents === undefined && batch.maxWaitMs === undefined
    ? { batchMaxEvents: null, batchMaxWaitMs: null }
    : { batchMaxEvents: batch.maxEvents ?? DEFAULT_BATCH, batchMaxWaitMs: batch.maxWaitMs ?? DEFAULT_WAIT_MS };
