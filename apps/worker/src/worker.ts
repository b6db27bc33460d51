import { setMaxListeners } from 'node:events';
import { DeclareQuotasService, WebhookLoop } from '@gateway/delivery';
import { createContext, type Logger } from '@gateway/platform';
import { QueueBackend } from '@gateway/queue';
import { Lanes } from './lanes.js';
import { WorkerOperations } from './operations.js';
import type { WorkerSettings } from './settings.js';
import { Sweeper } from './sweeper.js';
import { WorkerModule } from './worker.module.js';

/** The process that sends through providers: takes jobs, and sweeps up what no job is there for. */
export interface Worker {
  start(): Promise<void>;
  /** Posts nothing new, lets what is being posted end and writes its result, then closes all connections. */
  stop(): Promise<void>;
}

export async function createWorker(settings: WorkerSettings, log: Logger): Promise<Worker> {
  const stopping = new AbortController();
  // Each batch that waits for its turn listens.
  setMaxListeners(0, stopping.signal);
  const context = await createContext([WorkerModule.forRoot(settings, log, stopping.signal)], log);
  const [operations, lanes, sweeper] = [WorkerOperations, Lanes, Sweeper].map((part) =>
    context.get(part, { strict: false }),
  ) as [WorkerOperations, Lanes, Sweeper];
  const webhooks = context.get(WebhookLoop, { strict: false });
  return {
    start: async () => {
      await operations.start();
      await context.get(DeclareQuotasService, { strict: false }).execute();
      lanes.start();
      sweeper.start();
      if (settings.config.workerLanes.includes('upkeep')) webhooks.start();
      log.info({ queue: context.get(QueueBackend, { strict: false }).kind }, 'the worker runs');
    },
    stop: async () => {
      stopping.abort();
      await sweeper.stop();
      await Promise.all([webhooks.stop(), lanes.close()]);
      await context.close();
      // Last: while it drains, it can still be asked.
      await operations.stop();
    },
  };
}
