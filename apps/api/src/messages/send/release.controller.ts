import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MessageRepository } from '@gateway/database';
import { ReleaseMessageService } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../../access/access.js';
import { Audited } from '../../audit/audited.js';
import { NeedsScope } from '../../http/scopes.js';
import { releaseMessage } from '../messages.openapi.js';
import { Documented } from '../../openapi/operation.js';
import { notFound, pathId } from '../../http/fields/path-id.js';
import { presentRelease } from '../follow/message.presenter.js';
import { Idempotent } from '../../idempotency/idempotent.js';

/** Lets held messages go. */
@ApiTags('Messages')
@Controller('v1/messages')
@NeedsScope('messages:write')
export class ReleaseController {
  constructor(
    private readonly releaseMessage: ReleaseMessageService,
    private readonly messages: MessageRepository,
  ) {}

  @Post(':id/release')
  @HttpCode(200)
  @Audited('message.release')
  @Idempotent()
  @Documented(releaseMessage)
  async release(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const { clientId, keyId } = ownerOf(request);
    const uuid = pathId('message', id);
    const message = await this.messages.findHeld(clientId, uuid);
    if (message === null) throw notFound('message');
    await this.releaseMessage.execute(message, keyId);
    const released = await this.messages.findHeld(clientId, uuid);
    if (released === null) throw notFound('message');
    return presentRelease(released);
  }
}
