import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { renderTemplate, type RenderedTemplate } from '@gateway/core';
import { TemplateRepository, type TemplateRow } from '@gateway/database';
import { IdempotencyService, TemplatesService, textsOf } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../http/scopes.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import * as docs from './templates.openapi.js';
import { TEXTS_BODY_LIMIT } from '../http/bodies/body-parsers.js';
import { TakesJson, withRules } from '../http/route-rules.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { toPage, type Page } from '../http/page.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { changesOf, draftOf } from './template-draft.js';
import { presentTemplate, presentTemplateSummary } from './template.presenter.js';
import {
  createTemplate,
  getTemplateQuery,
  listTemplatesQuery,
  previewTemplate,
  updateTemplate,
} from './template.schema.js';
import { ChecksIdempotencyKey, Idempotent } from '../idempotency/idempotent.js';

/** Texts that messages are made of, with all their versions. */
@ApiTags('Templates')
@Controller('v1/templates')
@NeedsScope('templates')
@TakesJson(TEXTS_BODY_LIMIT)
@withRules({ hasNoPeople: true })
export class TemplatesController {
  constructor(
    private readonly service: TemplatesService,
    private readonly templates: TemplateRepository,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Post()
  @Audited('template.create')
  @Documented(docs.createTemplateOperation)
  async create(
    @Body({ schema: createTemplate }) input: z.output<typeof createTemplate>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId, keyId } = ownerOf(request);
    const answer = await this.idempotency.once(
      clientId,
      idempotencyOf(request),
      async (tx) => {
        const body = presentTemplate(await this.service.create(tx, clientId, { ...draftOf(input), by: keyId }));
        return { status: 201, headers: { location: `/v1/templates/${body.id}` }, body: JSON.stringify(body) };
      },
      'repeatable',
    );
    sendAnswer(reply, answer);
  }

  @Get()
  @Documented(docs.listTemplates)
  async list(
    @Query({ schema: listTemplatesQuery }) query: z.output<typeof listTemplatesQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { limit, cursor, ...filter } = query;
    const rows = await this.templates.findPage(ownerOf(request).clientId, filter, { before: cursor, limit: limit + 1 });
    return toPage(rows, limit, { entry: presentTemplateSummary, position: ({ id }) => id });
  }

  @Get(':id')
  @Documented(docs.getTemplate)
  async get(
    @Param('id') id: string,
    @Query({ schema: getTemplateQuery }) { version }: z.output<typeof getTemplateQuery>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    return presentTemplate(await this.find(request, id, version));
  }

  @Patch(':id')
  @Audited('template.update')
  @Documented(docs.updateTemplateOperation)
  async update(
    @Param('id') id: string,
    @Body({ schema: updateTemplate }) changes: z.output<typeof updateTemplate>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const { clientId, keyId } = ownerOf(request);
    const row = await this.service.update(clientId, pathId('template', id), { ...changesOf(changes), by: keyId });
    if (row === undefined) throw notFound('template');
    return presentTemplate(row);
  }

  @Delete(':id')
  @Audited('template.delete')
  @HttpCode(204)
  @Documented(docs.deleteTemplate)
  async remove(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const { clientId, keyId } = ownerOf(request);
    if (!(await this.service.remove(clientId, pathId('template', id), keyId))) throw notFound('template');
  }

  @Post(':id/restore')
  @Audited('template.restore')
  @HttpCode(200)
  @Idempotent()
  @Documented(docs.restoreTemplate)
  async restore(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const { clientId, keyId } = ownerOf(request);
    const row = await this.service.restore(clientId, pathId('template', id), keyId);
    if (row === undefined) throw notFound('template');
    return presentTemplate(row);
  }

  @Post(':id/preview')
  @HttpCode(200)
  @ChecksIdempotencyKey()
  @Documented(docs.previewTemplateOperation)
  async preview(
    @Param('id') id: string,
    @Body({ schema: previewTemplate }) { variables = {}, version }: z.output<typeof previewTemplate>,
    @Req() request: FastifyRequest,
  ): Promise<RenderedTemplate & { readonly version: number }> {
    const row = await this.find(request, id, version);
    return { version: row.version, ...renderTemplate(textsOf(row), variables) };
  }

  private async find(request: FastifyRequest, id: string, version: number | undefined): Promise<TemplateRow> {
    const row = await this.templates.find(ownerOf(request).clientId, pathId('template', id), { version });
    if (row === undefined || row.deletedAt !== null) throw notFound('template');
    return row;
  }
}
