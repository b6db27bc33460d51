import { Controller, Delete, Get, HttpCode, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProviderListsService } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../access/scopes.js';
import { presentList } from '../audience/audience.presenter.js';
import { listProviderGroups, wipeProviderGroups } from '../docs/audience/list-operations.js';
import { Documented } from '../docs/operation.js';

/** What stands at an account besides what the gateway keeps: lists of recipients. */
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
  @HttpCode(204)
  @NeedsScope('admin')
  @Documented(wipeProviderGroups)
  wipe(@Param('name') name: string): Promise<void> {
    return this.service.wipe(name);
  }
}
