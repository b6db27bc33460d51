import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MessageRepository, MessageStateRepository } from '@gateway/database';
import { ReleaseMessageService } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../../access/access.js';
import { NeedsScope } from '../../http/scopes.js';
import { releaseMessage } from '../messages.openapi.js';
import { Audited } from '../../audit/audited.js';
import { Documented } from '../../openapi/operation.js';
import { notFound, pathId } from '../../http/fields/path-id.js';
import { presentDetail } from '../follow/message.presenter.js';
import { WaitingAccounts } from '../follow/waiting-accounts.js';
import { Idempotent } from '../../idempotency/idempotent.js';

/** Lets held messages go. */
@ApiTags('Messages')
@Controller('v1/messages')
@NeedsScope('messages:write')
export class ReleaseController {
  constructor(
    private readonly releaseMessage: ReleaseMessageService,
    private readonly messages: MessageRepository,
    private readonly states: MessageStateRepository,
    private readonly waiting: WaitingAccounts,
  ) {}

  @Post(':id/release')
  @Audited('message.release')
  @HttpCode(200)
  @Idempotent()
  @Documented(releaseMessage)
  async release(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const { clientId, keyId } = ownerOf(request);
    const uuid = pathId('message', id);
    const message = await this.messages.findHeld(clientId, uuid);
    if (message === null) throw notFound('message');
    await this.releaseMessage.execute(message, keyId);
    const released = await this.states.findById(clientId, uuid);
    if (released === undefined) throw notFound('message');
    return presentDetail(released, await this.waiting.find());
  }
}
