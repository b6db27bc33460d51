import { Database } from '@gateway/database';
import {
  CONFIG,
  HealthChecks,
  LOGGER,
  Metrics,
  startOperationsServer,
  type GatewayConfig,
  type Logger,
  type OperationsServer,
} from '@gateway/platform';
import { QueueBackend } from '@gateway/queue';
import { Inject, Injectable } from '@nestjs/common';
import { Sweeper } from './sweeper.js';

/** Health and metrics of the worker, served if a port for them is configured. */
@Injectable()
export class WorkerOperations {
  private server: OperationsServer | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly backend: QueueBackend,
    private readonly sweeper: Sweeper,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    const { metrics, database, backend, sweeper, log } = this;
    const { workerPort: port } = this.config;
    const { host } = this.config.http;
    if (port === undefined) return;
    const checks = new HealthChecks({ onDown: (check, error) => log.warn({ check, err: error }, 'not ready') })
      .add('database', () => database.ping())
      .add('queue', () => backend.health())
      .add('sweeps', async () => {
        const late = sweeper.late();
        if (late.length > 0) throw new Error(`these sweeps have not ended for long: ${late.join(', ')}`);
      });
    this.server = await startOperationsServer({ port, host, checks, metrics });
    log.info({ port }, 'the worker answers for its health and metrics');
  }

  async stop(): Promise<void> {
    await this.server?.close();
  }
}
