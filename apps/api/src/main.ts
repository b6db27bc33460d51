import { createLogger, keepHeapLean, onShutdown, processEnv, runMain } from '@gateway/platform';
import { ensureFirstKey } from './access/access.js';
import { createApi } from './create-api.js';
import { prepareExamples } from './docs/sandbox-examples.js';
import { createGateway } from './gateway.js';
import { readSettings } from './settings.js';

await runMain(async () => {
  keepHeapLean();
  const settings = readSettings(processEnv());
  const { config, accounts, sandbox } = settings;
  const secrets = accounts.flatMap((account) => account.secrets);
  const log = createLogger({ name: 'api', level: config.logLevel, secrets });
  const gateway = await createGateway(settings, log);
  if (config.apiKey !== undefined) await ensureFirstKey(gateway.access, gateway.database.pool, config.apiKey);
  const app = await createApi(gateway, { sandbox }, log);
  if (sandbox && config.apiKey !== undefined) await prepareExamples(app, gateway, config.apiKey, log);
  onShutdown(
    async (reason) => {
      log.info({ reason }, 'stopping');
      await app.close();
      await gateway.producer.close();
      await gateway.board.close();
      await gateway.backend.close();
      await gateway.accounts.close();
      await gateway.database.close();
    },
    { onError: (error) => log.error({ err: error }, 'did not stop cleanly') },
  );
  await app.listen(config.http.port, config.http.host);
  log.info({ port: config.http.port, queue: gateway.backend.kind, sandbox }, 'the api listens');
});
