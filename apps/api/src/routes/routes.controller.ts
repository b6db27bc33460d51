import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RouteRepository } from '@gateway/database';
import {
  ChangeRoutesService,
  DryRunRoutesService,
  presentExample,
  ShadowRoutesService,
  type DryRun,
  type GivenRoute,
} from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf } from '../access/access.js';
import { notFound, pathId } from '../http/fields/path-id.js';
import { toPage, type Page } from '../http/page.js';
import { withRules } from '../http/route-rules.js';
import { NeedsScope } from '../http/scopes.js';
import { ChecksIdempotencyKey } from '../idempotency/idempotent.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { presentRoutes, presentVersion } from './route.presenter.js';
import { dryRunRoutesDoc, getRoutes, listRouteVersionsDoc, putRoutesDoc, readShadow } from './routes.openapi.js';
import { dryRunRoutes, listRouteVersions, putRoutes } from './routes.schema.js';

/** Which mail goes through which account. */
@ApiTags('Routes')
@Controller('v1/routes')
@NeedsScope('admin')
@withRules({ hasNoPeople: true })
export class RoutesController {
  constructor(
    private readonly changes: ChangeRoutesService,
    private readonly dryRuns: DryRunRoutesService,
    private readonly shadows: ShadowRoutesService,
    private readonly routes: RouteRepository,
  ) {}

  @Get()
  @Documented(getRoutes)
  async read(): Promise<unknown> {
    return presentRoutes(await this.changes.read());
  }

  @Put()
  @Audited('routes.replace')
  @Documented(putRoutesDoc)
  async replace(
    @Body({ schema: putRoutes }) { version, routes }: z.output<typeof putRoutes>,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const { keyId, clientId } = ownerOf(request);
    return presentRoutes(await this.changes.replace({ version, routes: given(routes), keyId, clientId }));
  }

  @Get('versions')
  @Documented(listRouteVersionsDoc)
  async list(@Query({ schema: listRouteVersions }) query: z.output<typeof listRouteVersions>): Promise<Page<unknown>> {
    const rows = await this.routes.findPage({ before: query.cursor, limit: query.limit + 1 });
    return toPage(rows, query.limit, { entry: presentVersion, position: ({ version }) => version });
  }

  @Post('dry-run')
  @HttpCode(200)
  @ChecksIdempotencyKey()
  @Documented(dryRunRoutesDoc)
  async dryRun(@Body({ schema: dryRunRoutes }) { routes, last }: z.output<typeof dryRunRoutes>): Promise<DryRun> {
    return this.dryRuns.execute(given(routes), last);
  }

  @Get(':id/shadow')
  @withRules({ hasNoPeople: false })
  @Documented(readShadow)
  async shadow(@Param('id') id: string): Promise<unknown> {
    const found = await this.shadows.read(pathId('route', id));
    if (found === undefined) throw notFound('route');
    return { ...found, examples: found.examples.map(presentExample) };
  }
}

/** Members that are absent do not exist, instead of being undefined. */
const given = (routes: z.output<typeof putRoutes>['routes']): readonly GivenRoute[] =>
  JSON.parse(JSON.stringify(routes)) as GivenRoute[];
