import { Body, Controller, Delete, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database, GroupRepository, type Queryable } from '@gateway/database';
import { GroupsService, IdempotencyService, type Members } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../access/scopes.js';
import { addMembers, emptyGroup, removeMembers } from '../docs/audience/member-operations.js';
import { Documented } from '../docs/operation.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { notFound, pathId } from '../http/path-id.js';
import { membersInput } from './groups.schema.js';

interface Group {
  readonly id: string;
  readonly clientId: string;
}

/** Who belongs to a group. */
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
  @HttpCode(200)
  @Documented(addMembers)
  async add(
    @Param('id') id: string,
    @Body({ schema: membersInput }) input: z.output<typeof membersInput>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const group = groupOf(request, id);
    const answer = await this.idempotency.once(group.clientId, idempotencyOf(request), async (tx) => {
      await this.mustExist(tx, group);
      const result = await this.service.add(tx, group, membersOf(input));
      return { status: 200, headers: {}, body: JSON.stringify(result) };
    });
    sendAnswer(reply, answer);
  }

  @Delete('members')
  @HttpCode(200)
  @Documented(removeMembers)
  async remove(
    @Param('id') id: string,
    @Body({ schema: membersInput }) input: z.output<typeof membersInput>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const group = groupOf(request, id);
    await this.mustExist(this.database.pool, group);
    return this.service.remove(this.database.pool, group, membersOf(input));
  }

  @Post('empty')
  @HttpCode(200)
  @Documented(emptyGroup)
  async empty(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const group = groupOf(request, id);
    await this.mustExist(this.database.pool, group);
    return { removed: await this.groups.empty(this.database.pool, group.id) };
  }

  private async mustExist(tx: Queryable, { clientId, id }: Group): Promise<void> {
    if ((await this.groups.findById(tx, clientId, id)) === undefined) throw notFound('group');
  }
}

const groupOf = (request: FastifyRequest, id: string): Group => ({
  id: pathId('group', id),
  clientId: ownerOf(request).clientId,
});

const membersOf = ({ addresses, contactIds }: z.output<typeof membersInput>): Members =>
  contactIds === undefined ? { addresses: addresses ?? [] } : { contactIds };
