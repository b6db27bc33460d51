import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditRepository, ErasureRepository, type ErasureRow } from '@gateway/database';
import { IdempotencyService, receiptOf, RequestErasureService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { isGatewayAdmin, rangeOf } from '../access/may.js';
import { Audited } from '../audit/audited.js';
import { presentKeyId } from '../access/present-key-id.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { toPage, type Page } from '../http/page.js';
import { withRules } from '../http/route-rules.js';
import { NeedsScope } from '../http/scopes.js';
import { Documented } from '../openapi/operation.js';
import { getErasure, listErased, requestErasure } from './erasures.openapi.js';
import { listErasures, newErasure } from './erasures.schema.js';

/**
 * Erases everything about a person: of the whole gateway, or of one client where only that client's administrator asks.
 */
@ApiTags('Erasures')
@Controller('v1/erasures')
@NeedsScope('admin')
@withRules({ ofClient: true })
export class ErasuresController {
  constructor(
    private readonly requestErasure: RequestErasureService,
    private readonly erasures: ErasureRepository,
    private readonly idempotency: IdempotencyService,
    private readonly audit: AuditRepository,
  ) {}

  @Post()
  @Audited('erasure.request')
  @HttpCode(202)
  @Documented(requestErasure)
  async request(
    @Body({ schema: newErasure }) input: z.output<typeof newErasure>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { addresses, mentionDays, reason = null, dryRun } = input;
    const owner = ownerOf(request);
    const of = { addresses, mentionDays, clientId: isGatewayAdmin(owner) ? null : owner.clientId };
    if (dryRun) return void reply.code(200).send(await this.requestErasure.plan(of));
    const answer = await this.idempotency.once(owner.clientId, idempotencyOf(request), async (tx) => {
      const body = present(await this.requestErasure.execute(tx, { ...of, reason, keyId: owner.keyId }));
      const after = { addressCount: body.addressCount, reason };
      this.audit.record(tx, { action: 'erasure.request', target: body.id, after });
      return { status: 202, headers: { location: `/v1/erasures/${body.id}` }, body: JSON.stringify(body) };
    });
    sendAnswer(reply, answer);
  }

  @Get()
  @Documented(listErased)
  async list(
    @Query({ schema: listErasures }) query: z.output<typeof listErasures>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const rows = await this.erasures.findPage(rangeOf(ownerOf(request)), {
      before: query.cursor,
      limit: query.limit + 1,
    });
    return toPage(rows, query.limit, { entry: present, position: ({ id }) => id });
  }

  @Get(':id')
  @Documented(getErasure)
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const erasure = await this.erasures.findById(rangeOf(ownerOf(request)), pathId('erasure', id));
    if (erasure === null) throw notFound('erasure');
    return present(erasure);
  }
}

const present = (row: ErasureRow) => ({
  ...receiptOf(row),
  requestedBy: presentKeyId(row.requestedBy),
  sha256: row.sha256,
});
