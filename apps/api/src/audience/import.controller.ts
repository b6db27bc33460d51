import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem } from '@gateway/core';
import { IdempotencyService, ImportContactsService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../http/scopes.js';
import { importContacts } from './contacts.openapi.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { CSV, NDJSON, isStream } from '../http/bodies/body-parsers.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { TakesStream } from '../http/route-rules.js';
import { csvContacts, jsonContacts } from './contact-file.js';

/** Takes over files of contacts of any length, as they come in. */
@ApiTags('Contacts')
@Controller('v1/contacts/import')
@NeedsScope('audience')
export class ImportController {
  constructor(
    private readonly imports: ImportContactsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Post()
  @Audited('contact.import')
  @HttpCode(200)
  @TakesStream(NDJSON, CSV)
  @Documented(importContacts)
  async import(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!isStream(body)) throw new GatewayProblem('unsupported_media_type', `Send ${NDJSON} or ${CSV}.`);
    const isCsv = request.headers['content-type']?.toLowerCase().startsWith(CSV);
    const file = isCsv ? csvContacts(body) : jsonContacts(body);
    const { clientId } = ownerOf(request);
    const answer = await this.idempotency.once(clientId, idempotencyOf(request), async (tx) => {
      const result = await this.imports.execute(tx, clientId, file);
      return { status: 200, headers: {}, body: JSON.stringify(result) };
    });
    sendAnswer(reply, answer);
  }
}
