import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem, encodeId } from '@gateway/core';
import { AccessRepository, type ApiKeyRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.openapi.js';
import { Documented } from '../openapi/operation.js';
import { toPage, type Page } from '../http/page.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { newKey, ownerOf } from './access.js';
import { createKey, listKeys } from './api-keys.schema.js';
import { hashKey, KnownKeys } from './known-keys.js';
import { presentKeyId } from './present-key-id.js';
import { SealedAnswers } from './sealed-answers.js';
import { NeedsScope } from '../http/scopes.js';

/** Keys and, by their names, clients. */
@ApiTags('API keys')
@Controller('v1/api-keys')
@NeedsScope('admin')
export class ApiKeysController {
  constructor(
    private readonly access: AccessRepository,
    private readonly keys: KnownKeys,
    private readonly answers: SealedAnswers,
  ) {}

  @Post()
  @Documented(createApiKey)
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
        createdBy: owner.keyId,
      });
      const body = { ...present(row), key };
      return { status: 201, headers: { location: `/v1/api-keys/${body.id}` }, body: JSON.stringify(body) };
    });
    sendAnswer(reply, answer);
  }

  @Get()
  @Documented(listApiKeys)
  async list(@Query({ schema: listKeys }) query: z.output<typeof listKeys>): Promise<Page<unknown>> {
    const rows = await this.access.findPage({ before: query.cursor, limit: query.limit + 1 });
    return toPage(rows, query.limit, { entry: present, position: ({ id }) => id });
  }

  @Delete(':id')
  @HttpCode(204)
  @Documented(revokeApiKey)
  async revoke(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const revocation = await this.keys.revoke(pathId('apiKey', id), ownerOf(request).keyId);
    if (revocation === 'unknown') throw notFound('apiKey');
    if (revocation === 'last_admin') throw lastAdmin();
  }
}

const present = (row: ApiKeyRow) => ({
  id: encodeId('apiKey', row.id),
  client: row.client,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.createdAt.toISOString(),
  revokedAt: row.revokedAt?.toISOString() ?? null,
  createdBy: presentKeyId(row.createdBy),
  revokedBy: presentKeyId(row.revokedBy),
});

function lastAdmin(): GatewayProblem {
  const detail = 'is the last key with the scope "admin"; make another one first';
  return new GatewayProblem('validation_failed', `/id: ${detail}`, {
    fieldErrors: [{ pointer: '/id', code: 'not_allowed', detail }],
  });
}
