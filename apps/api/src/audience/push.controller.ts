import { AuditRepository } from '@gateway/database';
import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IdempotencyService, PushGroupService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { NeedsScope } from '../http/scopes.js';
import { pushGroup } from './push.openapi.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { presentPush } from './audience.presenter.js';
import { pushInput } from './groups.schema.js';

/** Groups as lists of the providers' own. */
@ApiTags('Groups')
@Controller('v1/groups/:id')
@NeedsScope('audience')
export class PushController {
  constructor(
    private readonly service: PushGroupService,
    private readonly idempotency: IdempotencyService,
    private readonly audit: AuditRepository,
  ) {}

  @Post('push')
  @Audited('group.push')
  @Documented(pushGroup)
  async push(
    @Param('id') id: string,
    @Body({ schema: pushInput }) { provider }: z.output<typeof pushInput>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    const answer = await this.idempotency.onceOutside(clientId, idempotencyOf(request), async () => {
      const pushed = await this.service.execute({ id: pathId('group', id), clientId }, provider);
      if (pushed === undefined) throw notFound('group');
      const body = JSON.stringify(presentPush(pushed));
      return async (tx) => {
        this.audit.record(tx, { action: 'group.push', target: id, after: { provider } });
        return { status: pushed.complete ? 200 : 202, headers: {}, body };
      };
    });
    sendAnswer(reply, answer);
  }
}
