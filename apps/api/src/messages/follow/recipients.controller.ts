import { Readable } from 'node:stream';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem } from '@gateway/core';
import { RecipientRepository } from '@gateway/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf, wholeGateway } from '../../access/access.js';
import { shownTo } from '../../access/addresses/masked-answers.js';
import { Callers } from '../../access/callers.js';
import { isGatewayAdmin } from '../../access/may.js';
import { whileAllowed } from '../../access/still-allowed.js';
import { NeedsScope } from '../../http/scopes.js';
import { findRecipients } from './follow.openapi.js';
import { Documented } from '../../openapi/operation.js';
import { NDJSON } from '../../http/bodies/body-parsers.js';
import { toPage } from '../../http/page.js';
import { addressQuery } from './message-list.schema.js';
import { presentRecipient } from './message.presenter.js';
import { WaitingAccounts } from './waiting-accounts.js';
import { PersonExport } from '../person/person-export.js';

/** Everything ever sent to an address. */
@ApiTags('Recipients')
@Controller('v1/recipients')
@NeedsScope('messages:read')
export class RecipientsController {
  constructor(
    private readonly recipients: RecipientRepository,
    private readonly person: PersonExport,
    private readonly waiting: WaitingAccounts,
    private readonly callers: Callers,
  ) {}

  @Get()
  @Documented(findRecipients)
  async list(
    @Query({ schema: addressQuery }) query: z.output<typeof addressQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { address, cursor, limit, allClients } = query;
    if (allClients && !isGatewayAdmin(ownerOf(request))) throw wholeGateway('"allClients"');
    if (request.headers.accept?.includes(NDJSON) === true) return this.export(query, request, reply);
    if (allClients) throw onlyExported();
    const page = { before: cursor, limit: limit + 1 };
    const now = await this.waiting.find();
    const rows = await this.recipients.findByAddress(ownerOf(request).clientId, address, page, now.sending);
    const position = ({ messageId, position }: (typeof rows)[number]) => ({ messageId, position });
    await reply.send(toPage(rows, limit, { entry: (row) => presentRecipient(row, now), position }));
  }

  private async export(
    { address, allClients }: Pick<z.output<typeof addressQuery>, 'address' | 'allClients'>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const asked = { address, allClients, shown: shownTo(request) };
    const lines = whileAllowed(this.callers, request, this.person.lines(ownerOf(request), asked));
    await reply
      .headers({ 'content-type': `${NDJSON}; charset=utf-8`, 'cache-control': 'private, no-store' })
      .send(Readable.from(lines, { objectMode: false }));
  }
}

function onlyExported(): GatewayProblem {
  const detail = 'is for the export, with "Accept: application/x-ndjson"; a list has the mail of one client';
  return new GatewayProblem('validation_failed', 'The query has a field that cannot be used.', {
    fieldErrors: [{ pointer: '/allClients', code: 'not_allowed', detail }],
  });
}
