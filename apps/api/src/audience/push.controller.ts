import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PushGroupService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../access/scopes.js';
import { pushGroup } from '../docs/audience/list-operations.js';
import { Documented } from '../docs/operation.js';
import { notFound, pathId } from '../http/path-id.js';
import { presentPush } from './audience.presenter.js';
import { pushInput } from './groups.schema.js';

/** Groups as lists of the providers' own. */
@ApiTags('Groups')
@Controller('v1/groups/:id')
@NeedsScope('audience')
export class PushController {
  constructor(private readonly service: PushGroupService) {}

  @Post('push')
  @Documented(pushGroup)
  async push(
    @Param('id') id: string,
    @Body({ schema: pushInput }) { provider }: z.output<typeof pushInput>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const group = { id: pathId('group', id), clientId: ownerOf(request).clientId };
    const answer = await this.service.execute(group, provider);
    if (answer === undefined) throw notFound('group');
    void reply.code(answer.complete ? 200 : 202).send(presentPush(answer));
  }
}
