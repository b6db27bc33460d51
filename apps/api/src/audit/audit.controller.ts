import { Readable } from 'node:stream';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { Callers } from '../access/callers.js';
import { whileAllowed } from '../access/still-allowed.js';
import { toPage } from '../http/page.js';
import { withRules } from '../http/route-rules.js';
import { NeedsScope } from '../http/scopes.js';
import { Documented } from '../openapi/operation.js';
import { AuditLog } from './audit-log.js';
import { exportAuditLog, listAuditLog } from './audit.openapi.js';
import { presentEntry } from './audit.presenter.js';
import { exportAudit, listAudit, type AuditQuery } from './audit.schema.js';

const NDJSON = 'application/x-ndjson';

/** The log of acts. */
@ApiTags('Audit')
@Controller('v1/audit')
@NeedsScope('admin')
@withRules({ ofClient: true })
export class AuditController {
  constructor(
    private readonly log: AuditLog,
    private readonly callers: Callers,
  ) {}

  @Get()
  @Documented(listAuditLog)
  async list(
    @Query({ schema: listAudit }) { limit, cursor, ...query }: z.output<typeof listAudit>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (request.headers.accept?.includes(NDJSON)) return this.stream(query, request, reply);
    const rows = await this.log.page(ownerOf(request), query, { before: cursor, limit: limit + 1 });
    await reply.send(toPage(rows, limit, { entry: presentEntry, position: ({ position }) => position }));
  }

  @Get('export')
  @Documented(exportAuditLog)
  async export(
    @Query({ schema: exportAudit }) query: AuditQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.stream(query, request, reply);
  }

  private async stream(query: AuditQuery, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const lines = this.log.lines(ownerOf(request), query);
    // A wrong filter is answered before the first line is.
    const first = await lines.next();
    const all = async function* (): AsyncGenerator<string> {
      if (first.done !== true) yield first.value;
      yield* lines;
    };
    await reply
      .headers({ 'content-type': `${NDJSON}; charset=utf-8`, 'cache-control': 'private, no-store' })
      .send(Readable.from(whileAllowed(this.callers, request, all()), { objectMode: false }));
  }
}
