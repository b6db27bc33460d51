import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DiagnoseMessageService } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../../access/access.js';
import { notFound, pathId } from '../../http/fields/path-id.js';
import { NeedsScope } from '../../http/scopes.js';
import { Documented } from '../../openapi/operation.js';
import { diagnoseMessage } from './follow.openapi.js';

/** Why a message is where it is. */
@ApiTags('Messages')
@Controller('v1/messages')
@NeedsScope('messages:read')
export class DiagnosisController {
  constructor(private readonly diagnoses: DiagnoseMessageService) {}

  @Get(':id/diagnosis')
  @Documented(diagnoseMessage)
  async diagnose(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    const diagnosis = await this.diagnoses.execute(ownerOf(request).clientId, pathId('message', id));
    if (diagnosis === undefined) throw notFound('message');
    const { state, waitingFor, since, until, causes, nextSteps } = diagnosis;
    const [from, to] = [since?.toISOString() ?? null, until?.toISOString() ?? null];
    return { state, waitingFor, since: from, until: to, causes, nextSteps };
  }
}
