import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthChecks, Metrics, liveReport } from '@gateway/platform';
import type { FastifyReply } from 'fastify';

/** For probes and Prometheus; open without a key. */
@ApiExcludeController()
@Controller()
export class OperationsController {
  constructor(
    private readonly checks: HealthChecks,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  live(): unknown {
    return liveReport();
  }

  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const report = await this.checks.report();
    void reply.code(report.status === 'up' ? 200 : 503).send(report);
  }

  @Get('metrics')
  async expose(@Res() reply: FastifyReply): Promise<void> {
    void reply.header('content-type', this.metrics.contentType).send(await this.metrics.text());
  }
}
