import { ConfigError, loadConfig, runMain } from '@gateway/platform';
import { bringUpToDate } from './bring-up-to-date.js';
import { LaunchError } from './launch-error.js';

// `npm run migrate`: the step of a deployment before the new processes start.
await runMain(
  async () => {
    const config = loadConfig();
    const owner = config.migrationUrl ?? config.databaseUrl;
    if (owner === undefined) throw new ConfigError([{ variable: 'DATABASE_URL', problem: 'must be set' }]);
    const print = (line: string): void => void process.stdout.write(`${line}\n`);
    const applied = await bringUpToDate({ owner, application: config.databaseUrl }, config, print);
    if (applied.length === 0) print('the database is up to date');
    if (config.databaseUrl === undefined) print('DATABASE_URL is not set: no role was granted anything');
  },
  (error) => process.stderr.write(`${error instanceof LaunchError ? error.message : String(error)}\n`),
);
