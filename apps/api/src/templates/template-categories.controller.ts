import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TemplateCategoryRepository } from '@gateway/database';
import { IdempotencyService, TemplateCategoriesService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { withRules } from '../http/route-rules.js';
import { NeedsScope } from '../http/scopes.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import * as docs from './template-categories.openapi.js';
import { given } from '../http/fields/given.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { toPage, type Page } from '../http/page.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { presentCategory } from './template.presenter.js';
import { createCategory, listCategoriesQuery, updateCategory } from './template.schema.js';

/** The tree in which a client keeps its templates. */
@ApiTags('Template categories')
@Controller('v1/template-categories')
@NeedsScope('templates')
@withRules({ hasNoPeople: true })
export class TemplateCategoriesController {
  constructor(
    private readonly service: TemplateCategoriesService,
    private readonly categories: TemplateCategoryRepository,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Post()
  @Audited('template_category.create')
  @Documented(docs.createTemplateCategory)
  async create(
    @Body({ schema: createCategory }) input: z.output<typeof createCategory>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    const { name, parentId = null, description = null } = input;
    const answer = await this.idempotency.once(
      clientId,
      idempotencyOf(request),
      async (tx) => {
        const body = presentCategory(await this.service.create(tx, clientId, { name, parentId, description }));
        const headers = { location: `/v1/template-categories/${body.id}` };
        return { status: 201, headers, body: JSON.stringify(body) };
      },
      'repeatable',
    );
    sendAnswer(reply, answer);
  }

  @Get()
  @Documented(docs.listTemplateCategories)
  async list(
    @Query({ schema: listCategoriesQuery }) query: z.output<typeof listCategoriesQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { limit, cursor, ...filter } = query;
    const rows = await this.categories.findPage(ownerOf(request).clientId, filter, {
      before: cursor,
      limit: limit + 1,
    });
    return toPage(rows, limit, { entry: presentCategory, position: ({ id }) => id });
  }

  @Get(':id')
  @Documented(docs.getTemplateCategory)
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const row = await this.categories.find(ownerOf(request).clientId, pathId('templateCategory', id));
    if (row === undefined) throw notFound('templateCategory');
    return presentCategory(row);
  }

  @Patch(':id')
  @Audited('template_category.update')
  @Documented(docs.updateTemplateCategory)
  async update(
    @Param('id') id: string,
    @Body({ schema: updateCategory }) changes: z.output<typeof updateCategory>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const uuid = pathId('templateCategory', id);
    const row = await this.service.update(ownerOf(request).clientId, uuid, given(changes));
    if (row === undefined) throw notFound('templateCategory');
    return presentCategory(row);
  }

  @Delete(':id')
  @Audited('template_category.delete')
  @HttpCode(204)
  @Documented(docs.deleteTemplateCategory)
  async remove(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const removed = await this.service.remove(ownerOf(request).clientId, pathId('templateCategory', id));
    if (!removed) throw notFound('templateCategory');
  }
}
