import type { Database } from '@gateway/database';
import type { Logger } from '@gateway/platform';
import type { ConnectedAccounts } from '@gateway/providers';
import type { BatchProducer, BatchWorkers, QueueBackend } from '@gateway/queue';
import type { WorkerOperations } from './operations.js';
import type { Sweeper } from './sweeper.js';

export interface WorkerParts {
  readonly database: Database;
  readonly backend: QueueBackend;
  readonly producer: BatchProducer;
  readonly workers: BatchWorkers;
  readonly sweeper: Sweeper;
  readonly operations: WorkerOperations;
  readonly accounts: ConnectedAccounts;
  /** Aborted at shutdown: nothing new is posted from then on. */
  readonly stopping: AbortController;
  readonly log: Logger;
}

/** The process that sends through providers: takes jobs, and sweeps up what no job is there for. */
export class Worker {
  constructor(private readonly parts: WorkerParts) {}

  async start(): Promise<void> {
    await this.parts.operations.start();
    this.parts.workers.start();
    this.parts.sweeper.start();
    this.parts.log.info({ queue: this.parts.backend.kind }, 'the worker runs');
  }

  /** Posts nothing new, lets what is being posted end and writes its result, then lets go of everything. */
  async stop(): Promise<void> {
    const { stopping, sweeper, workers, producer, backend, accounts, database, operations } = this.parts;
    stopping.abort();
    await sweeper.stop();
    await workers.close();
    await producer.close();
    await backend.close();
    await accounts.close();
    await database.close();
    // Last: while it drains, it can still be asked.
    await operations.stop();
  }
}
