import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { create as contentDisposition } from 'content-disposition';
import { GatewayProblem } from '@gateway/core';
import { AttachmentRepository, type AttachmentRow } from '@gateway/database';
import { StoreAttachmentService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../http/scopes.js';
import {
  deleteAttachment,
  getAttachment,
  getAttachmentContent,
  listAttachments,
  uploadAttachment,
} from './attachments.openapi.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { MultipartBody } from '../http/bodies/multipart-body.js';
import { toPage, type Page } from '../http/page.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { TakesStream } from '../http/route-rules.js';
import { FILE_FIELD, MULTIPART } from '../http/bodies/upload-parser.js';
import { presentAttachment, storedAnswer } from './attachment.presenter.js';
import { attachmentListQuery } from './attachments.schema.js';
import { readFileName } from './file-name.js';

/** Files that messages carry. A client sees its own. */
@ApiTags('Attachments')
@Controller('v1/attachments')
@NeedsScope('messages:read')
export class AttachmentsController {
  constructor(
    private readonly attachments: AttachmentRepository,
    private readonly storeAttachment: StoreAttachmentService,
  ) {}

  @Post()
  @NeedsScope('messages:write')
  @TakesStream(MULTIPART)
  @Documented(uploadAttachment)
  async upload(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const idempotency = idempotencyOf(request);
    if (!(body instanceof MultipartBody)) {
      throw new GatewayProblem('unsupported_media_type', `A file is sent as ${MULTIPART}.`);
    }
    try {
      const part = await body.open();
      const file = { ...part, name: readFileName(part.name, `/${FILE_FIELD}`), pointer: `/${FILE_FIELD}` };
      const command = { clientId: ownerOf(request).clientId, file, idempotency };
      sendAnswer(reply, await this.storeAttachment.execute(command, storedAnswer));
    } finally {
      body.discard();
    }
  }

  @Get()
  @Documented(listAttachments)
  async list(
    @Query({ schema: attachmentListQuery }) query: z.output<typeof attachmentListQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const page = { before: query.cursor, limit: query.limit + 1 };
    const rows = await this.attachments.findPage(ownerOf(request).clientId, page);
    return toPage(rows, query.limit, { entry: presentAttachment, position: ({ id }) => id });
  }

  @Get(':id')
  @Documented(getAttachment)
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    return presentAttachment(await this.find(request, id));
  }

  @Get(':id/content')
  @Documented(getAttachmentContent)
  async content(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const file = await this.find(request, id);
    await this.attachments.expectReadable(file.id);
    // Never shown in place, whatever type it has: it is a stranger's file.
    void reply.headers({
      'content-type': file.contentType,
      'content-length': file.size,
      'content-disposition': contentDisposition(file.name),
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
    await reply.send(Readable.from(this.attachments.readContent(file), { objectMode: false }));
  }

  @Delete(':id')
  @Audited('attachment.delete')
  @NeedsScope('messages:write')
  @HttpCode(204)
  @Documented(deleteAttachment)
  async remove(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const { clientId } = ownerOf(request);
    if (!(await this.attachments.markDeleted(clientId, pathId('attachment', id)))) throw notFound('attachment');
  }

  private async find(request: FastifyRequest, id: string): Promise<AttachmentRow> {
    const file = await this.attachments.findById(ownerOf(request).clientId, pathId('attachment', id));
    if (file === null) throw notFound('attachment');
    return file;
  }
}
