import { Body, Controller, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem, eventTypesOf, type EventType } from '@gateway/core';
import { WebhookEndpointRepository, type Queryable, type WebhookEndpointRow } from '@gateway/database';
import {
  IdempotencyService,
  ReplayService,
  TestEndpointService,
  WebhookEndpointsService,
  type ReplayWish,
} from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { SealedAnswers } from '../access/sealed-answers.js';
import { parseWith } from '../http/fields/field-errors.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { NeedsScope } from '../http/scopes.js';
import { Idempotent } from '../idempotency/idempotent.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { exampleEvent } from './event-types/event-catalog.js';
import { GivenPlaces } from './given-place.js';
import * as docs from './actions.openapi.js';
import { presentEndpoint } from './presenter.js';
import { replayEvents, resumeEndpoint, rotateSecret, testEndpoint } from './endpoint.schema.js';
import { WebhooksConfigured } from './configured.guard.js';

const DAY_MS = 86_400_000;
const DEFAULT_TEST: EventType = 'message.completed';

/** Actions on an endpoint. */
@ApiTags('Webhooks')
@Controller('v1/webhook-endpoints/:id')
@NeedsScope('webhooks')
@UseGuards(WebhooksConfigured)
export class WebhookActionsController {
  constructor(
    private readonly service: WebhookEndpointsService,
    private readonly endpoints: WebhookEndpointRepository,
    private readonly tests: TestEndpointService,
    private readonly replays: ReplayService,
    private readonly places: GivenPlaces,
    private readonly idempotency: IdempotencyService,
    private readonly answers: SealedAnswers,
  ) {}

  @Post('test')
  @HttpCode(200)
  @Idempotent()
  @Documented(docs.testWebhookEndpoint)
  async test(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<unknown> {
    const { type = DEFAULT_TEST } = parseWith(testEndpoint, body ?? {});
    const endpoint = await this.find(request, id);
    await this.service.expectAllowed(endpoint.url);
    const { id: _, ...example } = exampleEvent(type as EventType);
    const { attempt, delivered } = await this.tests.execute(endpoint, example);
    const { httpStatus, durationMs, address, error, response } = attempt;
    return { delivered, httpStatus, durationMs, address, error, response: response?.body ?? null };
  }

  @Post('pause')
  @Audited('webhook_endpoint.pause')
  @HttpCode(200)
  @Documented(docs.pauseWebhookEndpoint)
  pause(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.change(request, reply, id, (tx, endpoint) => this.service.pause(tx, endpoint));
  }

  @Post('resume')
  @Audited('webhook_endpoint.resume')
  @HttpCode(200)
  @Documented(docs.resumeWebhookEndpoint)
  async resume(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { from = 'held' } = parseWith(resumeEndpoint, body ?? {});
    const { clientId } = ownerOf(request);
    const place = from === 'held' ? undefined : await this.places.read(clientId, undefined);
    await this.change(request, reply, id, (tx, endpoint) => this.service.resume(tx, endpoint, place));
  }

  @Post('rotate-secret')
  @Audited('webhook_endpoint.rotate_secret', 'previousValidUntil')
  @HttpCode(200)
  @Documented(docs.rotateWebhookSecret)
  async rotate(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { overlap = DAY_MS } = parseWith(rotateSecret, body ?? {});
    const answer = await this.answers.once(request, idempotencyOf(request), async (tx) => {
      const endpoint = await this.lock(tx, request, id);
      const { key, previousValidUntil } = await this.service.rotate(tx, endpoint, overlap);
      return { status: 200, headers: {}, body: JSON.stringify({ ...key, previousValidUntil }) };
    });
    sendAnswer(reply, answer);
  }

  @Post('replay')
  @Audited('webhook_endpoint.replay', 'events', 'requests')
  @HttpCode(202)
  @Documented(docs.replayWebhookEvents)
  async replay(
    @Param('id') id: string,
    @Body({ schema: replayEvents }) input: z.output<typeof replayEvents>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    const answer = await this.idempotency.onceOutside(clientId, idempotencyOf(request), async () => {
      const endpoint = await this.find(request, id);
      const isDry = input.dryRun === true;
      if (!isDry && endpoint.pausedAt !== null) throw paused();
      const wish = await this.wishOf(clientId, input);
      const { events, requests, write } = await this.replays.prepare(endpoint, wish);
      return async (tx) => {
        if (!isDry) await write(tx);
        return { status: isDry ? 200 : 202, headers: {}, body: JSON.stringify({ events, requests }) };
      };
    });
    sendAnswer(reply, answer);
  }

  private async wishOf(clientId: string, input: z.output<typeof replayEvents>): Promise<ReplayWish> {
    if (input.failed === true) return { failed: true };
    if (input.events !== undefined) return { events: input.events };
    const from = await this.places.read(clientId, input.from);
    const to = await this.places.read(clientId, input.to);
    return { from, to, types: input.types && new Set(input.types.flatMap(eventTypesOf)) };
  }

  private async change(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    work: (tx: Queryable, endpoint: WebhookEndpointRow) => Promise<void>,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    const answer = await this.idempotency.once(clientId, idempotencyOf(request), async (tx) => {
      await work(tx, await this.lock(tx, request, id));
      const after = await this.lock(tx, request, id);
      return { status: 200, headers: {}, body: JSON.stringify(presentEndpoint(after, this.service.publicKey(after))) };
    });
    sendAnswer(reply, answer);
  }

  private async lock(tx: Queryable, request: FastifyRequest, id: string): Promise<WebhookEndpointRow> {
    const endpoint = await this.endpoints.lock(tx, ownerOf(request).clientId, pathId('webhookEndpoint', id));
    if (endpoint === undefined) throw notFound('webhookEndpoint');
    return endpoint;
  }

  private async find(request: FastifyRequest, id: string): Promise<WebhookEndpointRow> {
    const endpoint = await this.endpoints.findById(ownerOf(request).clientId, pathId('webhookEndpoint', id));
    if (endpoint === undefined) throw notFound('webhookEndpoint');
    return endpoint;
  }
}

export const paused = (): GatewayProblem =>
  new GatewayProblem('endpoint_paused', 'The endpoint is paused, so nothing is sent to it. Resume it first.');
