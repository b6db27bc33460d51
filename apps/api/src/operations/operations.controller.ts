import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthChecks, Metrics, liveReport } from '@gateway/platform';
import type { FastifyReply } from 'fastify';
import { Documented } from '../openapi/operation.js';
import { getLiveness, getMetrics, getReadiness } from './operations.openapi.js';

/** For probes and Prometheus; open without a key. */
@ApiTags('Operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly checks: HealthChecks,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @Documented(getLiveness)
  live(): unknown {
    return liveReport();
  }

  @Get('health/ready')
  @Documented(getReadiness)
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const report = await this.checks.report();
    void reply.code(report.status === 'down' ? 503 : 200).send(report);
  }

  @Get('metrics')
  @Documented(getMetrics)
  async expose(@Res() reply: FastifyReply): Promise<void> {
    void reply.header('content-type', this.metrics.contentType).send(await this.metrics.text());
  }
}
