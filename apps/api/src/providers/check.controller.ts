import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CheckAccountService } from '@gateway/delivery';
import { NeedsScope } from '../http/scopes.js';
import { Idempotent } from '../idempotency/idempotent.js';
import { Documented } from '../openapi/operation.js';
import { checkProvider } from './check.openapi.js';

/** Asks an account whether its settings work. */
@ApiTags('Providers')
@Controller('v1/providers/:name/check')
export class CheckController {
  constructor(private readonly service: CheckAccountService) {}

  @Post()
  @HttpCode(200)
  @NeedsScope('providers:write')
  @Idempotent()
  @Documented(checkProvider)
  async check(@Param('name') name: string): Promise<unknown> {
    const { account, checkedAt, findings, ...rest } = await this.service.execute(name);
    return {
      name: account,
      ...rest,
      checkedAt: checkedAt.toISOString(),
      findings: findings.map(({ advice = null, ...finding }) => ({ ...finding, advice })),
    };
  }
}
