import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { StatisticRepository } from '@gateway/database';
import { CompareStatisticsService } from '@gateway/delivery';
import { toProblemDocument } from '@gateway/platform';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { requireAdmin } from '../access/require-admin.js';
import { NeedsScope } from '../http/scopes.js';
import { Documented } from '../openapi/operation.js';
import { readStatistics } from './statistics.openapi.js';
import { Providers } from '../providers/providers.js';
import { presentCompared, presentRow } from './statistics.presenter.js';
import { statisticsQuery } from './statistics.schema.js';

/** Figures of what was sent. */
@ApiTags('Statistics')
@Controller('v1/statistics')
@NeedsScope('statistics')
export class StatisticsController {
  constructor(
    private readonly statistics: StatisticRepository,
    private readonly compare: CompareStatisticsService,
    private readonly providers: Providers,
  ) {}

  @Get()
  @Documented(readStatistics)
  async read(
    @Query({ schema: statisticsQuery }) query: z.output<typeof statisticsQuery>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const { from, to, groupBy, timeZone, source, templateId, ...filter } = query;
    const head = { from: from.toISOString(), to: to.toISOString(), groupBy, timeZone, source };
    if (source === 'provider') {
      requireAdmin(request, 'The figures of an account count the mail of all clients.');
      return { ...head, ...(await this.besideOurs(query, request)) };
    }
    const { clientId } = ownerOf(request);
    const rows = await this.statistics.find({ clientId, from, to, groupBy, timeZone, template: templateId, ...filter });
    return { ...head, data: rows.map((row) => presentRow(row, groupBy)) };
  }

  private async besideOurs(query: z.output<typeof statisticsQuery>, request: FastifyRequest): Promise<object> {
    const { from, to, groupBy, provider, limit } = query;
    const wanted = this.providers.all.filter(({ name }) => provider === undefined || name === provider);
    const span = { from, to, groupBy: groupBy as 'date' | 'hour' | 'weekday' | 'provider' };
    const { rows, problems } = await this.compare.execute(span, wanted);
    return {
      data: rows.slice(0, limit).map((row) => presentCompared(row, groupBy)),
      problems: problems.map((each) => ({ ...each, problem: toProblemDocument(each.problem, request.id) })),
    };
  }
}
