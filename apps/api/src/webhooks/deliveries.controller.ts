import { Controller, Get, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { WebhookDeliveryRepository, WebhookEndpointRepository, type WebhookEndpointRow } from '@gateway/database';
import { IdempotencyService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { toPage, type Page } from '../http/page.js';
import { NeedsScope } from '../http/scopes.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { paused } from './actions.controller.js';
import * as docs from './deliveries.openapi.js';
import { listDeliveries } from './lists.schema.js';
import { presentDelivery, presentDeliverySummary } from './presenter.js';
import { WebhooksConfigured } from './configured.guard.js';

/** Requests to an endpoint, with their attempts. */
@ApiTags('Webhooks')
@Controller('v1/webhook-endpoints/:id/deliveries')
@NeedsScope('webhooks')
@UseGuards(WebhooksConfigured)
export class WebhookDeliveriesController {
  constructor(
    private readonly endpoints: WebhookEndpointRepository,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Get()
  @Documented(docs.listWebhookDeliveries)
  async list(
    @Param('id') id: string,
    @Query({ schema: listDeliveries }) query: z.output<typeof listDeliveries>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { limit, cursor, from, to, ...filter } = query;
    const endpoint = await this.find(request, id);
    const rows = await this.deliveries.findPage(
      endpoint.id,
      {
        ...filter,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
      },
      { before: cursor, limit: limit + 1 },
    );
    return toPage(rows, limit, { entry: presentDeliverySummary, position: (row) => row.id });
  }

  @Get(':deliveryId')
  @Documented(docs.getWebhookDelivery)
  async get(
    @Param('id') id: string,
    @Param('deliveryId') deliveryId: string,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const endpoint = await this.find(request, id);
    const row = await this.deliveries.findById(endpoint.id, pathId('webhookDelivery', deliveryId));
    if (row === undefined) throw notFound('webhookDelivery');
    return presentDelivery(row);
  }

  @Post(':deliveryId/retry')
  @Audited('webhook_delivery.retry')
  @HttpCode(202)
  @Documented(docs.retryWebhookDelivery)
  async retry(
    @Param('id') id: string,
    @Param('deliveryId') deliveryId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    const answer = await this.idempotency.once(clientId, idempotencyOf(request), async (tx) => {
      const endpoint = await this.find(request, id);
      if (endpoint.pausedAt !== null) throw paused();
      const uuid = pathId('webhookDelivery', deliveryId);
      if (!(await this.deliveries.retry(tx, endpoint.id, uuid))) throw notFound('webhookDelivery');
      const row = await this.deliveries.findById(endpoint.id, uuid, tx);
      if (row === undefined) throw notFound('webhookDelivery');
      return { status: 202, headers: {}, body: JSON.stringify(presentDelivery(row)) };
    });
    sendAnswer(reply, answer);
  }

  private async find(request: FastifyRequest, id: string): Promise<WebhookEndpointRow> {
    const endpoint = await this.endpoints.findById(ownerOf(request).clientId, pathId('webhookEndpoint', id));
    if (endpoint === undefined) throw notFound('webhookEndpoint');
    return endpoint;
  }
}
