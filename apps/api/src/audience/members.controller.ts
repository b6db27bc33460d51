import { Body, Controller, Delete, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database, GroupRepository, type Queryable } from '@gateway/database';
import { GroupsService, IdempotencyService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../http/scopes.js';
import { addMembers, emptyGroup, removeMembers } from './members.openapi.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { JSON_BODY_LIMIT } from '../http/bodies/body-parsers.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { TakesJson } from '../http/route-rules.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { memberLists } from './groups.schema.js';
import { readMembers } from './read-members.js';
import { Idempotent } from '../idempotency/idempotent.js';

interface Group {
  readonly id: string;
  readonly clientId: string;
}

/** The members of a group. */
@ApiTags('Groups')
@Controller('v1/groups/:id')
@NeedsScope('audience')
export class MembersController {
  constructor(
    private readonly database: Database,
    private readonly groups: GroupRepository,
    private readonly service: GroupsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Post('members')
  @Audited('group.add_members', 'added', 'ignored')
  @HttpCode(200)
  @TakesJson(JSON_BODY_LIMIT)
  @Documented(addMembers)
  async add(
    @Param('id') id: string,
    @Body({ schema: memberLists }) input: z.output<typeof memberLists>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const group = groupOf(request, id);
    const members = await readMembers(input);
    const answer = await this.idempotency.once(
      group.clientId,
      idempotencyOf(request),
      async (tx) => {
        await this.mustExist(tx, group);
        const result = await this.service.add(tx, group, members);
        return { status: 200, headers: {}, body: JSON.stringify(result) };
      },
      'repeatable',
    );
    sendAnswer(reply, answer);
  }

  @Delete('members')
  @Audited('group.remove_members')
  @HttpCode(200)
  @TakesJson(JSON_BODY_LIMIT)
  @Documented(removeMembers)
  async remove(
    @Param('id') id: string,
    @Body({ schema: memberLists }) input: z.output<typeof memberLists>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const group = groupOf(request, id);
    const members = await readMembers(input);
    return this.database.repeatable(async (tx) => {
      await this.mustExist(tx, group);
      return this.service.remove(tx, group, members);
    });
  }

  @Post('empty')
  @Audited('group.empty')
  @HttpCode(200)
  @Idempotent()
  @Documented(emptyGroup)
  async empty(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const group = groupOf(request, id);
    return this.database.repeatable(async (tx) => {
      await this.mustExist(tx, group);
      return { removed: await this.groups.empty(tx, group.id) };
    });
  }

  private async mustExist(tx: Queryable, { clientId, id }: Group): Promise<void> {
    if (!(await this.groups.hold(tx, clientId, id))) throw notFound('group');
  }
}

const groupOf = (request: FastifyRequest, id: string): Group => ({
  id: pathId('group', id),
  clientId: ownerOf(request).clientId,
});
