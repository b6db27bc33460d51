import { Controller, Delete, Get, HttpCode, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProviderListsService } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../http/scopes.js';
import { presentList } from '../audience/audience.presenter.js';
import { listProviderGroups, wipeProviderGroups } from '../audience/push.openapi.js';
import { AuditedOutside } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';

/** Lists of recipients at an account. */
@ApiTags('Providers')
@Controller('v1/providers/:name/groups')
export class ProviderListsController {
  constructor(private readonly service: ProviderListsService) {}

  @Get()
  @NeedsScope('audience')
  @Documented(listProviderGroups)
  async list(@Param('name') name: string, @Req() request: FastifyRequest): Promise<unknown> {
    const lists = await this.service.list(ownerOf(request).clientId, name);
    return { data: lists.map(presentList), nextCursor: null };
  }

  @Delete()
  @AuditedOutside('provider.wipe_groups')
  @HttpCode(204)
  @NeedsScope('admin')
  @Documented(wipeProviderGroups)
  wipe(@Param('name') name: string): Promise<void> {
    return this.service.wipe(name);
  }
}
