import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccessRepository, Database, type ApiKeyRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey, updateApiKey } from './api-keys.openapi.js';
import { Audited } from '../../audit/audited.js';
import { Documented } from '../../openapi/operation.js';
import { toPage, type Page } from '../../http/page.js';
import { given } from '../../http/fields/given.js';
import { notFound, pathId } from '../../http/fields/path-id.js';
import { parseWith } from '../../http/fields/field-errors.js';
import { idempotencyOf, sendAnswer } from '../../http/idempotency-key.js';
import { withRules } from '../../http/route-rules.js';
import { newKey, ownerOf } from '../access.js';
import { presentKey } from './api-key.presenter.js';
import { createKey, listKeys, rotateKey, updateKey } from './api-keys.schema.js';
import { KeyRules, lastAdmin, UNLIMITED } from './key-rules.js';
import { hashKey, KnownKeys } from '../known-keys.js';
import { rangeOf } from '../may.js';
import { NotedUses } from '../noted-uses.js';
import { SealedAnswers } from '../sealed-answers.js';
import { NeedsScope } from '../../http/scopes.js';

const DAY_MS = 86_400_000;

/** Keys and, by their names, clients. */
@ApiTags('API keys')
@Controller('v1/api-keys')
@NeedsScope('admin')
@withRules({ ofClient: true, hasNoPeople: true })
export class ApiKeysController {
  constructor(
    private readonly access: AccessRepository,
    private readonly database: Database,
    private readonly keys: KnownKeys,
    private readonly uses: NotedUses,
    private readonly rules: KeyRules,
    private readonly answers: SealedAnswers,
  ) {}

  @Post()
  @Audited('api_key.create')
  @Documented(createApiKey)
  async create(
    @Body({ schema: createKey }) input: z.output<typeof createKey>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = ownerOf(request);
    this.rules.check(owner, { ...UNLIMITED, ...given(input) });
    const { client, rateLimit, ...fields } = input;
    const answer = await this.answers.once(request, idempotencyOf(request), async (tx) => {
      const key = newKey();
      const row = await this.access.insert(tx, {
        ...given(fields),
        name: fields.name,
        ...this.rules.ratesOf(rateLimit),
        id: newUuid(),
        clientId: newUuid(),
        client: client ?? owner.clientName,
        hash: hashKey(key),
        scopes: [...new Set(input.scopes)],
        createdBy: owner.keyId,
      });
      const body = { ...presentKey(row), key };
      return { status: 201, headers: { location: `/v1/api-keys/${body.id}` }, body: JSON.stringify(body) };
    });
    sendAnswer(reply, answer);
  }

  @Get()
  @Documented(listApiKeys)
  async list(
    @Query({ schema: listKeys }) query: z.output<typeof listKeys>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    await this.uses.flush();
    const page = { before: query.cursor, limit: query.limit + 1 };
    const rows = await this.access.findPage(rangeOf(ownerOf(request)), page);
    return toPage(rows, query.limit, { entry: presentKey, position: ({ id }) => id });
  }

  @Patch(':id')
  @Audited('api_key.update')
  @Documented(updateApiKey)
  async update(
    @Param('id') id: string,
    @Body({ schema: updateKey }) input: z.output<typeof updateKey>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const [owner, uuid] = [ownerOf(request), pathId('apiKey', id)];
    this.rules.check(owner, input);
    const { rateLimit, scopes, ...fields } = input;
    const changes = {
      ...given(fields),
      ...(scopes && { scopes: [...new Set(scopes)] }),
      ...(rateLimit && this.rules.ratesOf(rateLimit)),
    };
    if (uuid === owner.keyId) this.rules.checkOwn(owner, { ...given(fields), ...changes });
    const row = await this.database.transaction((tx) => this.access.update(tx, rangeOf(owner), uuid, changes));
    this.keys.forget(uuid);
    if (row === undefined) throw notFound('apiKey');
    if (row === 'last_admin') throw lastAdmin();
    return presentKey(row);
  }

  @Post(':id/rotate')
  @Audited('api_key.rotate')
  @HttpCode(200)
  @Documented(rotateApiKey)
  async rotate(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [owner, uuid] = [ownerOf(request), pathId('apiKey', id)];
    const { overlap = DAY_MS } = parseWith(rotateKey, body ?? {});
    const answer = await this.answers.once(request, idempotencyOf(request), async (tx) => {
      const key = newKey();
      const check = (row: ApiKeyRow): void => this.rules.checkRotation(owner, uuid, row);
      const rotation = { hash: hashKey(key), overlapMs: overlap, by: owner.keyId, check };
      const rotated = await this.access.rotate(tx, rangeOf(owner), uuid, rotation);
      if (rotated === undefined) throw notFound('apiKey');
      const previousValidUntil = rotated.previousValidUntil.toISOString();
      return {
        status: 200,
        headers: {},
        body: JSON.stringify({ ...presentKey(rotated.row), key, previousValidUntil }),
      };
    });
    this.keys.forget(uuid);
    sendAnswer(reply, answer);
  }

  @Delete(':id')
  @Audited('api_key.revoke')
  @HttpCode(204)
  @Documented(revokeApiKey)
  async revoke(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const [owner, uuid] = [ownerOf(request), pathId('apiKey', id)];
    const revocation = await this.access.revoke(uuid, owner.keyId, rangeOf(owner));
    this.keys.forget(uuid);
    if (revocation === 'unknown') throw notFound('apiKey');
    if (revocation === 'last_admin') throw lastAdmin();
  }
}
