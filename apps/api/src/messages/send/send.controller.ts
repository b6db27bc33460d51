import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Recipient } from '@gateway/core';
import type { KeyOwner } from '@gateway/database';
import { AcceptMessageService, PreviewAudienceService, PreviewMessageService } from '@gateway/delivery';
import { newUuid } from '@gateway/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownerOf } from '../../access/access.js';
import { KeyPace } from '../../access/pace/key-pace.js';
import { NeedsScope } from '../../http/scopes.js';
import { previewMessage, sendMessage } from '../messages.openapi.js';
import { Documented } from '../../openapi/operation.js';
import { idempotencyOf, sendAnswer } from '../../http/idempotency-key.js';
import { JSON_BODY_LIMIT, NDJSON, isStream, requireBody } from '../../http/bodies/body-parsers.js';
import { TakesJson, TakesStream } from '../../http/route-rules.js';
import { acceptedAnswer } from '../follow/message.presenter.js';
import { MessageReader } from '../read/message-reader.js';
import { allRecipients, type ReadLargeMessage } from '../read/read-large-message.js';
import type { ReadMessage } from '../read/read-message.js';
import { pacedRecipients } from './paced-recipients.js';
import { ChecksIdempotencyKey } from '../../idempotency/idempotent.js';

/** Takes messages, or tells what would become of them. */
@ApiTags('Messages')
@Controller('v1/messages')
@NeedsScope('messages:write')
export class SendController {
  constructor(
    private readonly acceptMessage: AcceptMessageService,
    private readonly previewMessage: PreviewMessageService,
    private readonly previewAudience: PreviewAudienceService,
    private readonly reader: MessageReader,
    private readonly pace: KeyPace,
  ) {}

  @Post()
  @TakesJson(JSON_BODY_LIMIT)
  @TakesStream(NDJSON)
  @Documented(sendMessage)
  async send(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const owner = ownerOf(request);
    const { clientId, keyId, needsRelease } = owner;
    const idempotency = idempotencyOf(request);
    const read = isStream(body)
      ? { message: await this.reader.readStream(clientId, body) }
      : await this.reader.readOrReplay(clientId, requireBody(body), idempotency);
    if ('earlier' in read) return sendAnswer(reply, read.earlier);
    const { message } = read;
    if ('dryRun' in message && message.dryRun) {
      return void reply.code(200).send(await this.tryOut(owner, message, idempotency?.key));
    }
    const { spec } = message;
    const recipients = await pacedRecipients(this.pace, request, owner, message.recipients);
    const command = {
      clientId,
      keyId,
      needsRelease,
      limits: owner,
      requestId: request.id,
      spec,
      recipients,
      idempotency,
    };
    sendAnswer(reply, await this.acceptMessage.execute(command, acceptedAnswer));
  }

  @Post('preview')
  @HttpCode(200)
  @TakesJson(JSON_BODY_LIMIT)
  @ChecksIdempotencyKey()
  @Documented(previewMessage)
  async preview(@Body() body: unknown, @Req() request: FastifyRequest): Promise<unknown> {
    const owner = ownerOf(request);
    const message = await this.reader.read(owner.clientId, requireBody(body));
    return this.tryOut(owner, message, idempotencyOf(request)?.key);
  }

  private async tryOut(
    owner: KeyOwner,
    message: ReadMessage | ReadLargeMessage,
    key: string | undefined,
  ): Promise<unknown> {
    const spec = { ...message.spec, hold: message.spec.hold || owner.needsRelease };
    const by = { clientId: owner.clientId, limits: owner, id: newUuid(), key };
    const { audience } = spec;
    const recipients = await allRecipients(message.recipients);
    const preview = (to: readonly Recipient[]) => this.previewMessage.execute(by, spec, to);
    return audience === undefined
      ? preview(recipients)
      : this.previewAudience.execute(owner.clientId, { ...spec, audience }, preview);
  }
}
