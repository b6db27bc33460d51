import { AccessRepository } from '@gateway/database';
import { createLogger, keepHeapLean, onShutdown, processEnv, runMain } from '@gateway/platform';
import { warnOfWeakSecrets } from '@gateway/providers';
import { QueueBackend } from '@gateway/queue';
import { ensureFirstKey } from './access/first-key.js';
import { createApi } from './create-api.js';
import { prepareExamples } from './sandbox/sandbox-examples.js';
import { readSettings } from './settings.js';

await runMain(async () => {
  keepHeapLean();
  const settings = readSettings(processEnv());
  const { config, accounts, sandbox, secrets } = settings;
  const log = createLogger({ name: 'api', level: config.logLevel, secrets });
  warnOfWeakSecrets(accounts, log);
  const app = await createApi(settings, log);
  if (config.apiKey !== undefined) await ensureFirstKey(app.get(AccessRepository), config.apiKey, log);
  if (sandbox && config.apiKey !== undefined) await prepareExamples(app, config.apiKey, log);
  onShutdown(
    async (reason) => {
      log.info({ reason }, 'stopping');
      await app.close();
    },
    { onError: (error) => log.error({ err: error }, 'did not stop cleanly') },
  );
  await app.listen(config.http.port, config.http.host);
  log.info({ port: config.http.port, queue: app.get(QueueBackend).kind, sandbox }, 'the api listens');
});
