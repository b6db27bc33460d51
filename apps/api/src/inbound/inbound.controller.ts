import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ApplyPushService } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { withRules } from '../http/route-rules.js';

/** Far above a thousand states, which is more than a vendor puts into one push. */
const MAX_PUSH_BYTES = 512 * 1024;

/**
 * Receives what vendors push. Not part of the interface for clients: the token in the path is the key, and what the body
 * means is known to the account's adapter alone.
 */
@ApiExcludeController()
@Controller('v1/inbound')
export class InboundController {
  constructor(private readonly service: ApplyPushService) {}

  @Post(':account/:token')
  @HttpCode(204)
  @withRules({ inbound: true, maxJsonBytes: MAX_PUSH_BYTES })
  async receive(
    @Param('account') account: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.service.execute(account, {
      headers: headersOf(request),
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    });
  }
}

const headersOf = ({ headers }: FastifyRequest): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
