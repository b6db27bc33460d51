import { Readable } from 'node:stream';
import { Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TemplateArchivesService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../../access/access.js';
import { requireAdmin } from '../../access/require-admin.js';
import { NeedsScope } from '../../http/scopes.js';
import { Documented } from '../../openapi/operation.js';
import { exportTemplates } from './exchange.openapi.js';
import { TemplateExport } from './template-export.js';
import { exportQuery, FORMAT_VERSION } from './template-file.schema.js';
import { ChecksIdempotencyKey } from '../../idempotency/idempotent.js';

/** Templates on their way to another gateway. */
@ApiTags('Templates')
@Controller('v1/templates')
@NeedsScope('templates')
export class ExportTemplatesController {
  constructor(
    private readonly exports: TemplateExport,
    private readonly archives: TemplateArchivesService,
  ) {}

  @Post('export')
  @HttpCode(200)
  @ChecksIdempotencyKey()
  @Documented(exportTemplates)
  async export(
    @Query({ schema: exportQuery }) { from }: z.output<typeof exportQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    void reply.headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private, no-store' });
    if (from === undefined) {
      await reply.send(Readable.from(this.exports.write(clientId), { objectMode: false }));
      return;
    }
    requireAdmin(request, 'A backup of an account holds the templates of all clients.');
    const archive = (await this.archives.take(from)).toString('base64');
    await reply.send(JSON.stringify({ version: FORMAT_VERSION, provider: from, archive }));
  }
}
