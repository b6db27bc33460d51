import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RecipientRepository } from '@gateway/database';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../../access/access.js';
import { NeedsScope } from '../../http/scopes.js';
import { findRecipients } from './follow.openapi.js';
import { Documented } from '../../openapi/operation.js';
import { toPage, type Page } from '../../http/page.js';
import { addressQuery } from './message-list.schema.js';
import { presentRecipient } from './message.presenter.js';

/** Everything ever sent to an address. */
@ApiTags('Recipients')
@Controller('v1/recipients')
@NeedsScope('messages:read')
export class RecipientsController {
  constructor(private readonly recipients: RecipientRepository) {}

  @Get()
  @Documented(findRecipients)
  async list(
    @Query({ schema: addressQuery }) query: z.output<typeof addressQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { address, cursor, limit } = query;
    const page = { before: cursor, limit: limit + 1 };
    const rows = await this.recipients.findByAddress(ownerOf(request).clientId, address, page);
    return toPage(rows, limit, {
      entry: presentRecipient,
      position: ({ messageId, position }) => ({ messageId, position }),
    });
  }
}
