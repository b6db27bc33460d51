import { AuditRepository } from '@gateway/database';
import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IdempotencyService, PushTemplateService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../http/scopes.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { pushTemplateOperation } from './exchange/exchange.openapi.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { pushTemplate } from './exchange/template-file.schema.js';

/** Templates on their way to providers. */
@ApiTags('Templates')
@Controller('v1/templates')
@NeedsScope('templates')
export class PushTemplateController {
  constructor(
    private readonly pushes: PushTemplateService,
    private readonly idempotency: IdempotencyService,
    private readonly audit: AuditRepository,
  ) {}

  @Post(':id/push')
  @Audited('template.push')
  @HttpCode(200)
  @Documented(pushTemplateOperation)
  async push(
    @Param('id') id: string,
    @Body({ schema: pushTemplate }) { provider }: z.output<typeof pushTemplate>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    const uuid = pathId('template', id);
    const answer = await this.idempotency.onceOutside(clientId, idempotencyOf(request), async () => {
      const pushed = await this.pushes.execute(clientId, uuid, provider);
      if (pushed === undefined) throw notFound('template');
      return async (tx) => {
        this.audit.record(tx, { action: 'template.push', target: id, after: { ...pushed } });
        return { status: 200, headers: {}, body: JSON.stringify(pushed) };
      };
    });
    sendAnswer(reply, answer);
  }
}
