import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MessageStateRepository } from '@gateway/database';
import { CancelMessageService } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../../access/access.js';
import { NeedsScope } from '../../http/scopes.js';
import { cancelMessage } from '../messages.openapi.js';
import { Audited } from '../../audit/audited.js';
import { Documented } from '../../openapi/operation.js';
import { notFound, pathId } from '../../http/fields/path-id.js';
import { presentCancellation } from '../follow/message.presenter.js';
import { Idempotent } from '../../idempotency/idempotent.js';

/** Takes back what no provider has accepted. */
@ApiTags('Messages')
@Controller('v1/messages')
@NeedsScope('messages:write')
export class CancelController {
  constructor(
    private readonly cancelMessage: CancelMessageService,
    private readonly messages: MessageStateRepository,
  ) {}

  @Post(':id/cancel')
  @Audited('message.cancel')
  @HttpCode(200)
  @Idempotent()
  @Documented(cancelMessage)
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const uuid = pathId('message', id);
    if ((await this.messages.findBrief(ownerOf(request).clientId, uuid)) === undefined) throw notFound('message');
    return presentCancellation(await this.cancelMessage.execute(uuid));
  }
}
