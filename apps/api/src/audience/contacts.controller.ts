import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ContactRepository, Database } from '@gateway/database';
import { ContactsService, IdempotencyService } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { NeedsScope } from '../http/scopes.js';
import { createContact, deleteContact, getContact, listContacts, updateContact } from './contacts.openapi.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { idempotencyOf, sendAnswer } from '../http/idempotency-key.js';
import { toPage, type Page } from '../http/page.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { presentContact } from './audience.presenter.js';
import { contactChange, contactInput, contactListQuery } from './contacts.schema.js';

/** Contacts. A client sees its own. */
@ApiTags('Contacts')
@Controller('v1/contacts')
@NeedsScope('audience')
export class ContactsController {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactRepository,
    private readonly service: ContactsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Post()
  @Audited('contact.create')
  @Documented(createContact)
  async create(
    @Body({ schema: contactInput }) input: z.output<typeof contactInput>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clientId } = ownerOf(request);
    const answer = await this.idempotency.once(
      clientId,
      idempotencyOf(request),
      async (tx) => {
        const body = presentContact(await this.service.create(tx, clientId, input));
        return { status: 201, headers: { location: `/v1/contacts/${body.id}` }, body: JSON.stringify(body) };
      },
      'repeatable',
    );
    sendAnswer(reply, answer);
  }

  @Get()
  @Documented(listContacts)
  async list(
    @Query({ schema: contactListQuery }) query: z.output<typeof contactListQuery>,
    @Req() request: FastifyRequest,
  ): Promise<Page<unknown>> {
    const { limit, cursor, ...filter } = query;
    const page = { before: cursor, limit: limit + 1 };
    const rows = await this.contacts.findPage(ownerOf(request).clientId, filter, page);
    return toPage(rows, limit, { entry: presentContact, position: ({ id }) => id });
  }

  @Get(':id')
  @Documented(getContact)
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const { clientId } = ownerOf(request);
    const row = await this.contacts.findById(clientId, pathId('contact', id));
    if (row === undefined) throw notFound('contact');
    return presentContact(row);
  }

  @Patch(':id')
  @Audited('contact.update')
  @Documented(updateContact)
  async update(
    @Param('id') id: string,
    @Body({ schema: contactChange }) input: z.output<typeof contactChange>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const contact = { id: pathId('contact', id), clientId: ownerOf(request).clientId };
    const row = await this.database.repeatable((tx) => this.service.update(tx, contact, input));
    if (row === undefined) throw notFound('contact');
    return presentContact(row);
  }

  @Delete(':id')
  @Audited('contact.delete')
  @HttpCode(204)
  @Documented(deleteContact)
  async delete(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const contact = { id: pathId('contact', id), clientId: ownerOf(request).clientId };
    const deleted = await this.database.repeatable((tx) => this.contacts.delete(tx, contact.clientId, contact.id));
    if (!deleted) throw notFound('contact');
  }
}
