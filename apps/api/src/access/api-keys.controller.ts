import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { encodeId } from '@gateway/core';
import { AccessRepository, type ApiKeyRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Answers, NoContent } from '../docs/answers.js';
import { apiKeyPage, newApiKey } from '../docs/access-docs.js';
import { cursorOf, pageQuery, toPage, type Page } from '../http/page.js';
import { notFound, pathId } from '../http/path-id.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { hashKey, newKey, ownerOf } from './access.js';
import { SealedAnswers } from './sealed-answers.js';
import { NeedsScope, scopes } from './scopes.js';

const NAME = z.string().trim().min(1).max(100);

const createKey = z
  .strictObject({
    client: NAME.optional().meta({ description: 'Name of the client; a new name makes a client. Default: your own' }),
    name: NAME,
    scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  })
  .meta({
    example: {
      client: 'billing',
      name: 'receipts of the billing service',
      scopes: ['messages:write', 'messages:read'],
    },
  });

const listKeys = z.strictObject({ ...pageQuery, cursor: cursorOf(z.uuid()).optional() });

/** Keys and, by their names, clients. */
@ApiTags('API keys')
@Controller('v1/api-keys')
@NeedsScope('admin')
export class ApiKeysController {
  constructor(
    private readonly access: AccessRepository,
    private readonly answers: SealedAnswers,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Make a key', description: 'The key is in this answer and nowhere else.' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @Answers(newApiKey, ['validation_failed', 'idempotency_key_reused', 'idempotency_in_flight'])
  async create(
    @Body({ schema: createKey }) input: z.output<typeof createKey>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = ownerOf(request);
    const answer = await this.answers.once(request, idempotencyOf(request), async (tx) => {
      const key = newKey();
      const row = await this.access.insert(tx, {
        id: newUuid(),
        clientId: newUuid(),
        client: input.client ?? owner.clientName,
        name: input.name,
        hash: hashKey(key),
        scopes: [...new Set(input.scopes)],
      });
      const body = { ...present(row), key };
      return { status: 201, headers: { location: `/v1/api-keys/${body.id}` }, body: JSON.stringify(body) };
    });
    sendAnswer(reply, answer);
  }

  @Get()
  @ApiOperation({ summary: 'List keys', description: 'Newest first; the keys themselves are not stored.' })
  @Answers(apiKeyPage, ['validation_failed'])
  async list(@Query({ schema: listKeys }) query: z.output<typeof listKeys>): Promise<Page<unknown>> {
    const rows = await this.access.findPage({ before: query.cursor, limit: query.limit + 1 });
    return toPage(rows, query.limit, { entry: present, position: ({ id }) => id });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a key', description: 'It stops working at once.' })
  @NoContent(['not_found'])
  async revoke(@Param('id') id: string): Promise<void> {
    if (!(await this.access.revoke(pathId('apiKey', id)))) throw notFound('apiKey');
  }
}

const present = (row: ApiKeyRow) => ({
  id: encodeId('apiKey', row.id),
  client: row.client,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.createdAt.toISOString(),
  revokedAt: row.revokedAt?.toISOString() ?? null,
});
