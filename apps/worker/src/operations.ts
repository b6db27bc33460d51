import type { Database } from '@gateway/database';
import {
  HealthChecks,
  startOperationsServer,
  type Logger,
  type Metrics,
  type OperationsServer,
} from '@gateway/platform';
import type { QueueBackend } from '@gateway/queue';
import type { Sweeper } from './sweeper.js';

/** Health and metrics of the worker, where it was told to answer for them. */
export class WorkerOperations {
  private server: OperationsServer | undefined;

  constructor(
    private readonly parts: {
      /** Absent: nowhere. */
      readonly port: number | undefined;
      readonly host: string;
      readonly metrics: Metrics;
      readonly database: Database;
      readonly backend: QueueBackend;
      readonly sweeper: Sweeper;
      readonly log: Logger;
    },
  ) {}

  async start(): Promise<void> {
    const { port, host, metrics, database, backend, sweeper, log } = this.parts;
    if (port === undefined) return;
    const checks = new HealthChecks({ onDown: (check, error) => log.warn({ check, err: error }, 'not ready') })
      .add('database', async () => void (await database.pool.query('SELECT 1')))
      .add('queue', () => backend.ping())
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
