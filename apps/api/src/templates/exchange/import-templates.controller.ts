import { Body, Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem, type ProviderTemplate } from '@gateway/core';
import {
  IdempotencyService,
  ImportTemplatesService,
  TakeOverTemplatesService,
  TemplateArchivesService,
  type FirstAnswer,
  type ImportReport,
} from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../../access/access.js';
import { requireAdmin } from '../../access/require-admin.js';
import { NeedsScope } from '../../http/scopes.js';
import { Audited } from '../../audit/audited.js';
import { Documented } from '../../openapi/operation.js';
import { importTemplates } from './exchange.openapi.js';
import { JSON_BODY_LIMIT, requireBody } from '../../http/bodies/body-parsers.js';
import { parseWith } from '../../http/fields/field-errors.js';
import { idempotencyOf, sendAnswer } from '../../http/idempotency-key.js';
import { TakesJson } from '../../http/route-rules.js';
import { isObject } from '../../http/fields/mailbox.js';
import { adoption } from '../adoption.js';
import { readTemplateFile } from './read-template-file.js';
import { importQuery, templateArchive } from './template-file.schema.js';

/** Templates on their way in: from an export, a provider, or a backup back to its provider. */
@ApiTags('Templates')
@Controller('v1/templates')
@NeedsScope('templates')
export class ImportTemplatesController {
  constructor(
    private readonly imports: ImportTemplatesService,
    private readonly takeOver: TakeOverTemplatesService,
    private readonly archives: TemplateArchivesService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Post('import')
  @Audited('template.import')
  @HttpCode(200)
  @TakesJson(JSON_BODY_LIMIT)
  @Documented(importTemplates)
  async import(
    @Query({ schema: importQuery }) { from }: z.output<typeof importQuery>,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (from !== undefined && body !== undefined) throw eitherOr();
    if (from !== undefined) return sendAnswer(reply, await this.fromAccount(request, from));
    const given = requireBody(body);
    const answer = isArchive(given) ? this.backToAccount(request, given) : this.fromExport(request, given);
    sendAnswer(reply, await answer);
  }

  private fromAccount(request: FastifyRequest, account: string): Promise<FirstAnswer> {
    const { clientId, keyId } = ownerOf(request);
    const adopted = {
      ...adoption,
      draftOf: (template: ProviderTemplate) => ({ ...adoption.draftOf(template), by: keyId }),
    };
    return this.idempotency.onceOutside(clientId, idempotencyOf(request), async () => {
      const standing = await this.takeOver.read(account);
      return async (tx) => answerOf(await this.takeOver.write(tx, clientId, standing, adopted));
    });
  }

  private fromExport(request: FastifyRequest, body: unknown): Promise<FirstAnswer> {
    const { clientId, keyId } = ownerOf(request);
    return this.idempotency.once(
      clientId,
      idempotencyOf(request),
      async (tx) => {
        const { faults, ...entries } = await readTemplateFile(body, keyId);
        return answerOf(await this.imports.execute(tx, clientId, entries, faults));
      },
      'repeatable',
    );
  }

  private async backToAccount(request: FastifyRequest, body: unknown): Promise<FirstAnswer> {
    requireAdmin(request, 'A backup of an account holds the templates of all clients.');
    const { provider, archive } = parseWith(templateArchive, body);
    return this.idempotency.onceOutside(ownerOf(request).clientId, idempotencyOf(request), async () => {
      const imported = await this.archives.put(provider, Buffer.from(archive, 'base64'));
      return () => Promise.resolve(answerOf({ imported, updated: 0, skipped: 0, errors: [], errorCount: 0 }));
    });
  }
}

const answerOf = (report: ImportReport): FirstAnswer => ({ status: 200, headers: {}, body: JSON.stringify(report) });

const isArchive = (body: unknown): boolean => isObject(body) && body['archive'] !== undefined;

function eitherOr(): GatewayProblem {
  const detail = 'either an account or a body is imported';
  return new GatewayProblem('validation_failed', `/from: ${detail}`, {
    fieldErrors: [{ pointer: '/from', code: 'not_allowed', detail }],
  });
}
