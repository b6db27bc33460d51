import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database, GroupRepository } from '@gateway/database';
import { GroupsService, IdempotencyService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { withRules } from '../http/route-rules.js';
import { NeedsScope } from '../http/scopes.js';
import { createGroup, deleteGroup, getGroup, listGroups, updateGroup } from './groups.openapi.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { toPage, type Page } from '../http/page.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { presentGroup } from './audience.presenter.js';
import { groupChange, groupInput, groupListQuery } from './groups.schema.js';

/** Groups of contacts, by which an audience is named. A client sees its own. */
@ApiTags('Groups')
@Controller('v1/groups')
@NeedsScope('audience')
@withRules({ hasNoPeople: true })
export class GroupsController {
  constructor(
    private readonly database: Database,
    private readonly groups: GroupRepository,
    private readonly service: GroupsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Post()
  @Audited('group.create')
  @Documented(createGroup)
  async create(
    @Body({ schema: groupInput }) input: z.output<typeof groupInput>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    const answer = await this.idempotency.once(
      clientId,
      idempotencyOf(request),
      async (tx) => {
        const body = presentGroup(await this.service.create(tx, clientId, input));
        return { status: 201, headers: { location: `/v1/groups/${body.id}` }, body: JSON.stringify(body) };
      },
      'repeatable',
    );
    sendAnswer(reply, answer);
  }

  @Get()
  @Documented(listGroups)
  async list(
    @Query({ schema: groupListQuery }) query: z.output<typeof groupListQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { limit, cursor } = query;
    const rows = await this.groups.findPage(ownerOf(request).clientId, { before: cursor, limit: limit + 1 });
    return toPage(rows, limit, { entry: presentGroup, position: ({ id }) => id });
  }

  @Get(':id')
  @Documented(getGroup)
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const { clientId } = ownerOf(request);
    const row = await this.groups.findById(clientId, pathId('group', id));
    if (row === undefined) throw notFound('group');
    return presentGroup(row);
  }

  @Patch(':id')
  @Audited('group.update')
  @Documented(updateGroup)
  async update(
    @Param('id') id: string,
    @Body({ schema: groupChange }) input: z.output<typeof groupChange>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const group = { id: pathId('group', id), clientId: ownerOf(request).clientId };
    const row = await this.database.repeatable((tx) => this.service.update(tx, group, input));
    if (row === undefined) throw notFound('group');
    return presentGroup(row);
  }

  @Delete(':id')
  @Audited('group.delete')
  @HttpCode(204)
  @Documented(deleteGroup)
  async delete(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const group = { id: pathId('group', id), clientId: ownerOf(request).clientId };
    const deleted = await this.database.repeatable((tx) => this.groups.delete(tx, group.clientId, group.id));
    if (!deleted) throw notFound('group');
  }
}
