import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { BounceBlockService } from '@gateway/delivery';
import { NeedsScope } from '../http/scopes.js';
import { getBounceBlock, setBounceBlock } from './bounce-block.openapi.js';
import { AuditedOutside } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { parseWith } from '../http/fields/field-errors.js';
import { changeBounceBlock } from './providers.schema.js';

/** For how long a provider does not try an address that bounced hard. */
@ApiTags('Providers')
@Controller('v1/providers/:name/bounce-block')
export class BounceBlockController {
  constructor(private readonly service: BounceBlockService) {}

  @Get()
  @NeedsScope('providers')
  @Documented(getBounceBlock)
  async read(@Param('name') provider: string): Promise<unknown> {
    return { provider, ...(await this.service.read(provider)) };
  }

  @Put()
  @AuditedOutside('provider.set_bounce_block', 'hours')
  @NeedsScope('admin')
  @Documented(setBounceBlock)
  async change(@Param('name') provider: string, @Body() body: unknown): Promise<unknown> {
    const { hours } = parseWith(changeBounceBlock, body ?? {});
    return { provider, ...(await this.service.change(provider, hours)) };
  }
}
