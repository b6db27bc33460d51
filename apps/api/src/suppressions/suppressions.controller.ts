import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem, addressFault, normaliseAddress, tolerantKey } from '@gateway/core';
import { SuppressionRepository } from '@gateway/database';
import { IdempotencyService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { unsealedFor } from '../access/addresses/masked-answers.js';
import { NeedsScope } from '../http/scopes.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { presentSuppression } from './suppression.presenter.js';
import { addToSuppressions, listSuppressed, removeSuppression } from './suppressions.openapi.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { toPage, type Page } from '../http/page.js';
import { isStorable } from '../http/json/unstorable.js';
import { addSuppressions, listSuppressions } from './suppressions.schema.js';

/** Addresses that get no mail: the whole gateway's, one company, one opt-out. */
@ApiTags('Suppressions')
@Controller('v1/suppressions')
@NeedsScope('suppressions')
export class SuppressionsController {
  constructor(
    private readonly suppressions: SuppressionRepository,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Post()
  @Audited('suppression.add', 'added', 'ignored')
  @NeedsScope('suppressions:write')
  @Documented(addToSuppressions)
  async add(
    @Body({ schema: addSuppressions }) input: z.output<typeof addSuppressions>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { addresses, scope, reason = null } = input;
    const { clientId, keyId } = ownerOf(request);
    const answer = await this.idempotency.once(
      clientId,
      idempotencyOf(request),
      async (tx) => {
        const added = await this.suppressions.add(tx, { addresses, scope, reason, source: 'api', createdBy: keyId });
        return { status: 201, headers: {}, body: JSON.stringify({ added, ignored: addresses.length - added }) };
      },
      'repeatable',
    );
    sendAnswer(reply, answer);
  }

  @Get()
  @Documented(listSuppressed)
  async list(@Query({ schema: listSuppressions }) query: z.output<typeof listSuppressions>): Promise<Page<unknown>> {
    const { limit, cursor, address, since, ...filter } = query;
    const rows = await this.suppressions.findPage(
      { ...filter, address, since: since === undefined ? undefined : new Date(since) },
      { after: cursor, limit: limit + 1 },
    );
    return toPage(rows, limit, {
      entry: presentSuppression,
      position: (row) => ({ address: row.address, scope: row.scope }),
    });
  }

  @Delete(':address')
  @Audited('suppression.remove')
  @HttpCode(204)
  @NeedsScope('suppressions:write')
  @Documented(removeSuppression)
  async remove(@Param('address') given: string, @Req() request: FastifyRequest): Promise<void> {
    const { keyId } = ownerOf(request);
    // The console knows the addresses of its list masked.
    const address = unsealedFor(request, given) ?? given;
    if (!isStorable(address) || !(await this.suppressions.remove(tolerantKey(address), keyId))) {
      const why = normaliseAddress(address) === undefined ? `: it ${addressFault(address).detail}` : '';
      throw new GatewayProblem('not_found', `This address is not on the list${why}.`);
    }
  }
}
