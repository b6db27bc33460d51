import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem, type AdministeredProvider } from '@gateway/core';
import { SyncNowService, type SyncResult } from '@gateway/delivery';
import { toProblemDocument } from '@gateway/platform';
import type { FastifyRequest } from 'fastify';
import { NeedsScope } from '../http/scopes.js';
import { AuditedOutside } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { compareSuppressions } from './suppressions.openapi.js';
import { parseWith } from '../http/fields/field-errors.js';
import { Providers } from '../providers/providers.js';
import { syncSuppressions } from './suppressions.schema.js';
import { Idempotent } from '../idempotency/idempotent.js';

/** The gateway's list beside the providers' own. */
@ApiTags('Suppressions')
@Controller('v1/suppressions')
@NeedsScope('suppressions:write')
export class SuppressionSyncController {
  constructor(
    private readonly providers: Providers,
    private readonly syncNow: SyncNowService,
  ) {}

  @Post('sync')
  @AuditedOutside('suppression.sync')
  @HttpCode(200)
  @Idempotent()
  @Documented(compareSuppressions)
  async sync(@Body() body: unknown, @Req() request: FastifyRequest): Promise<unknown> {
    const { provider } = parseWith(syncSuppressions, body ?? {});
    const able = this.providers.all.filter(({ suppressions }) => suppressions !== undefined);
    const results = await this.syncNow.execute(provider === undefined ? able : [find(able, provider)]);
    const [only] = results;
    if (provider !== undefined && only?.problem !== undefined) throw only.problem;
    return { results: results.map((result) => present(result, request.id)) };
  }
}

function find(able: readonly AdministeredProvider[], name: string): AdministeredProvider {
  const provider = able.find((each) => each.name === name);
  if (provider !== undefined) return provider;
  const detail = 'is not an account that keeps a list of its own';
  throw new GatewayProblem('validation_failed', `/provider: ${detail}`, {
    fieldErrors: [{ pointer: '/provider', code: 'unknown_reference', detail }],
  });
}

function present(result: SyncResult, requestId: string): unknown {
  if (result.problem !== undefined) {
    const nothing = { added: 0, removed: 0 };
    const gateway = { ...nothing, unreadable: 0 };
    return {
      provider: result.provider,
      status: 'failed',
      gateway,
      account: { ...nothing, ignored: 0 },
      startedAt: null,
      problem: toProblemDocument(result.problem, requestId),
    };
  }
  const { counts } = result;
  return {
    provider: result.provider,
    status: result.finished ? 'completed' : 'running',
    gateway: { added: counts.addedHere, removed: counts.removedHere, unreadable: counts.unreadableThere },
    account: { added: counts.addedThere, removed: counts.removedThere, ignored: counts.ignoredThere },
    startedAt: result.startedAt.toISOString(),
  };
}
