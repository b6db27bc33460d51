import { migrate } from '@gateway/database';
import { ConfigError, loadConfig, runMain } from '@gateway/platform';
import { LaunchError } from './launch-error.js';

// `npm run migrate`: the step of a deployment that comes before the new processes start.
await runMain(
  async () => {
    const { databaseUrl } = loadConfig();
    if (databaseUrl === undefined) throw new ConfigError([{ variable: 'DATABASE_URL', problem: 'must be set' }]);
    const print = (line: string): void => void process.stdout.write(`${line}\n`);
    const { applied } = await migrate(databaseUrl, print).catch((error: unknown) => {
      throw new LaunchError('The database cannot be brought up to date', error);
    });
    if (applied.length === 0) print('the database is up to date');
  },
  (error) => process.stderr.write(`${error instanceof LaunchError ? error.message : String(error)}\n`),
);
