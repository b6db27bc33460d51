import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem, encodeId } from '@gateway/core';
import { MessageRepository } from '@gateway/database';
import { AcceptManyService, RedriveMessageService, type AcceptCommand } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../../access/access.js';
import { KeyPace } from '../../access/pace/key-pace.js';
import { NeedsScope } from '../../http/scopes.js';
import { redriveMessage, sendMessages } from './bulk.openapi.js';
import { Audited } from '../../audit/audited.js';
import { Documented } from '../../openapi/operation.js';
import { parseWith } from '../../http/fields/field-errors.js';
import { JSON_BODY_LIMIT } from '../../http/bodies/body-parsers.js';
import { idempotencyOf, sendAnswer } from '../../http/idempotency-key.js';
import { TakesJson } from '../../http/route-rules.js';
import { notFound, pathId } from '../../http/fields/path-id.js';
import { BatchProblems } from '../read/batch-problems.js';
import { messageBatch, redrive } from './bulk.schema.js';
import { acceptedAnswer } from '../follow/message.presenter.js';
import { MessageReader } from '../read/message-reader.js';
import type { ReadMessage } from '../read/read-message.js';
import { countedAtAccept } from './paced-recipients.js';

/** Many messages at once, and messages once more. */
@ApiTags('Messages')
@Controller('v1/messages')
@NeedsScope('messages:write')
export class BulkController {
  constructor(
    private readonly acceptMany: AcceptManyService,
    private readonly redriveMessage: RedriveMessageService,
    private readonly messages: MessageRepository,
    private readonly reader: MessageReader,
    private readonly pace: KeyPace,
  ) {}

  @Post('batch')
  @HttpCode(200)
  @TakesJson(JSON_BODY_LIMIT)
  @Documented(sendMessages)
  async sendMany(
    @Body({ schema: messageBatch }) input: z.output<typeof messageBatch>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = ownerOf(request);
    const { clientId } = owner;
    const messages = await this.reader.readMany(clientId, input.messages);
    await this.pace.recipients(request, owner, recipientsOf(messages));
    const problems = new BatchProblems(messages.length, request.id);
    const refused = (problem: GatewayProblem): Entry => ({ problem: problems.write(problem) });
    const answer = await this.acceptMany.execute<Entry>(
      {
        clientId,
        idempotency: idempotencyOf(request),
        commands: messages.map((message) => commandFor(message, request, refused)),
      },
      {
        refused,
        accepted: ({ id }) => ({ id: encodeId('message', id) }),
        all: (entries) => {
          const results = entries.map((entry, index) => ({ index, ...entry }));
          return { status: 200, headers: {}, body: JSON.stringify({ results }) };
        },
      },
    );
    sendAnswer(reply, answer);
  }

  @Post(':id/redrive')
  @Audited('message.redrive', 'id', 'recipientCount')
  @HttpCode(202)
  @Documented(redriveMessage)
  async redrive(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = ownerOf(request);
    const { clientId, keyId, needsRelease } = owner;
    const messageId = pathId('message', id);
    const message = await this.messages.findWhole(clientId, messageId);
    if (message === null) throw notFound('message');
    const { dryRun, ...filter } = parseWith(redrive, body ?? {});
    const command = {
      clientId,
      keyId,
      needsRelease,
      limits: owner,
      requestId: request.id,
      messageId,
      idempotency: idempotencyOf(request),
      ...filter,
    };
    if (dryRun) {
      return void reply.code(200).send({ recipientCount: await this.redriveMessage.count(command, message) });
    }
    if (owner.recipientsPerSecond !== null) {
      await this.pace.recipients(request, owner, await this.redriveMessage.count(command, message));
    }
    sendAnswer(reply, await this.redriveMessage.execute(command, message, acceptedAnswer));
  }
}

const recipientsOf = (messages: readonly (ReadMessage | GatewayProblem)[]): number =>
  messages.reduce(
    (sum, message) => sum + (message instanceof GatewayProblem ? 0 : countedAtAccept(message.recipients)),
    0,
  );

type Entry = { readonly id: string } | { readonly problem: unknown };

function commandFor(
  message: ReadMessage | GatewayProblem,
  request: FastifyRequest,
  refused: (problem: GatewayProblem) => Entry,
): AcceptCommand | Entry {
  if (message instanceof GatewayProblem) return refused(message);
  const { spec, recipients, dryRun } = message;
  if (dryRun) return refused(noDryRun());
  const owner = ownerOf(request);
  const { clientId, keyId, needsRelease } = owner;
  return {
    clientId,
    keyId,
    needsRelease,
    limits: owner,
    requestId: request.id,
    spec,
    recipients,
    idempotency: undefined,
  };
}

function noDryRun(): GatewayProblem {
  const detail = 'a message of a batch cannot be a dry run; preview it on its own';
  return new GatewayProblem('validation_failed', `/dryRun: ${detail}`, {
    fieldErrors: [{ pointer: '/dryRun', code: 'not_allowed', detail }],
  });
}
