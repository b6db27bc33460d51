import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type EmailProvider } from '@gateway/core';
import { MessageRepository } from '@gateway/database';
import { AcceptMessageService, CancelMessageService, PreviewMessageService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../access/scopes.js';
import { Answers } from '../docs/answers.js';
import { accepted, cancellation, messageExamples, preview } from '../docs/message-docs.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { notFound, pathId } from '../http/path-id.js';
import { Providers } from '../providers/providers.js';
import { acceptedAnswer, presentCancellation } from './message.presenter.js';
import { readMessage, type MessageContext } from './read-message.js';

/** What changes something: accept, preview, cancel. */
@ApiTags('Messages')
@Controller('v1/messages')
@NeedsScope('messages:write')
export class SendController {
  constructor(
    private readonly acceptMessage: AcceptMessageService,
    private readonly previewMessage: PreviewMessageService,
    private readonly cancelMessage: CancelMessageService,
    private readonly messages: MessageRepository,
    private readonly providers: Providers,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Send a message',
    description: 'Durable in PostgreSQL before the answer. `dryRun` answers as preview.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Same key and body: the first answer again' })
  @ApiBody(messageExamples)
  @Answers(accepted, [
    'validation_failed',
    'unsupported_by_provider',
    'idempotency_key_reused',
    'idempotency_in_flight',
  ])
  async send(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const idempotency = idempotencyOf(request);
    const { spec, recipients, dryRun } = readMessage(body, this.context());
    if (dryRun) return void reply.code(200).send(await this.previewMessage.execute(spec, recipients));
    const { clientId } = ownerOf(request);
    const command = { clientId, requestId: request.id, spec, recipients, idempotency };
    sendAnswer(reply, await this.acceptMessage.execute(command, acceptedAnswer));
  }

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Preview a message',
    description: 'Plans and renders as sending would; nothing is stored or sent.',
  })
  @ApiBody(messageExamples)
  @Answers(preview, ['validation_failed', 'unsupported_by_provider'])
  preview(@Body() body: unknown): Promise<unknown> {
    const { spec, recipients } = readMessage(body, this.context());
    return this.previewMessage.execute(spec, recipients);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel a message', description: 'Cancels what no provider has accepted yet.' })
  @Answers(cancellation, ['not_found', 'nothing_to_cancel'])
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const uuid = pathId('message', id);
    if ((await this.messages.findById(ownerOf(request).clientId, uuid)) === null) throw notFound('message');
    return presentCancellation(await this.cancelMessage.execute(uuid));
  }

  private context(): MessageContext {
    const { all } = this.providers;
    const forbidden = all.flatMap((provider: EmailProvider) => provider.capabilities.forbiddenHeaders);
    return { now: new Date(), providers: all.map(({ name }) => name), forbiddenHeaders: new Set(forbidden) };
  }
}
