import { setPriority } from 'node:os';
import { createLogger, onShutdown, processEnv, runMain } from '@gateway/platform';
import { warnOfWeakSecrets } from '@gateway/providers';
import { createWorker } from './worker.js';
import { readSettings } from './settings.js';

// Added to the duration of a provider call that is in flight when the signal arrives.
const DRAIN_MARGIN_MS = 10_000;

// A worker that has no login codes gives way to the processes that have: a "nice" of Unix.
const GIVES_WAY = 5;

await runMain(async () => {
  const settings = readSettings(processEnv());
  const { accounts, config, secrets } = settings;
  const log = createLogger({ name: 'worker', level: config.logLevel, secrets });
  warnOfWeakSecrets(accounts, log);
  if (!config.workerLanes.includes('authentication')) setPriority(GIVES_WAY);
  const worker = await createWorker(settings, log);
  onShutdown(
    async (reason) => {
      log.info({ reason }, 'stopping');
      await worker.stop();
    },
    {
      deadlineMs: config.providerTimeoutMs + DRAIN_MARGIN_MS,
      onError: (error) => log.error({ err: error }, 'did not stop cleanly'),
    },
  );
  await worker.start();
});
