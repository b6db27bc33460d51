import { GatewayProblem } from '@gateway/core';
import { MessageStateRepository, type MessageDetail } from '@gateway/database';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { NeedsScope } from '../http/scopes.js';

/**
 * A mail's texts are a caller's, so its page may do nothing: no script, no form, no request, an origin of its own. Inline
 * styles are allowed, because mail is made of them; remote images are not: they would show the sender that an operator
 * has opened the mail.
 */
const POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** The text of a message for the frame in the console. */
@ApiExcludeController()
@Controller('dashboard/preview')
@NeedsScope('messages:read')
export class PreviewController {
  constructor(private readonly messages: MessageStateRepository) {}

  @Get('messages/:id')
  async message(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const message = await this.messages.findById(ownerOf(request).clientId, pathId('message', id));
    if (message === undefined) throw notFound('message');
    if (message.erasedAt !== null) throw new GatewayProblem('message_erased', 'The texts of this message were erased.');
    if (message.withheld === 'authentication') throw new GatewayProblem('forbidden', 'Login codes are not shown.');
    if (message.withheld === 'key_missing') throw new GatewayProblem('overloaded', 'The key of the texts is missing.');
    void reply
      .headers({ 'content-security-policy': POLICY, 'x-frame-options': 'SAMEORIGIN', 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(pageOf(message));
  }
}

const pageOf = ({ html, text }: Pick<MessageDetail, 'html' | 'text'>): string =>
  `<!doctype html><meta charset="utf-8"><base target="_blank">${html ?? `<pre style="white-space:pre-wrap">${escaped(text ?? '')}</pre>`}`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? character);
