import { onShutdown, processEnv, runMain, withSecretFiles } from '@gateway/platform';
import { LaunchError } from './launch-error.js';
import { Launcher } from './launcher.js';
import { readSettings } from './settings.js';

// Longer than everything that is waited for while stopping.
const STOP_DEADLINE_MS = 240_000;

const say = (line: string): void => {
  process.stdout.write(`[gateway] ${line}\n`);
};

const fail = async (launcher: Launcher, error: unknown): Promise<never> => {
  await launcher.stop().catch(() => undefined);
  throw error;
};

const refused = async (launcher: Launcher, name: string): Promise<void> => {
  say(`${name} refuses its configuration (see above): stopping`);
  await launcher.stop().catch(() => undefined);
  process.exit(1);
};

const printReason = (error: unknown): void => {
  const text = error instanceof LaunchError ? error.message : ((error as Error).stack ?? String(error));
  process.stderr.write(`${text}\n`);
};

// The reader of our output may exit (`npm start | head`); the gateway runs on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await runMain(async () => {
  const given = processEnv();
  const settings = readSettings(given);
  // Its children get the gateway's own secrets as values: some of them are replaced.
  const env = withSecretFiles(given);
  const launcher: Launcher = new Launcher(settings, env, say, (name) => void refused(launcher, name));
  const stop = async (): Promise<void> => {
    say('stopping');
    await launcher.stop();
    say('stopped');
  };
  onShutdown(stop, { deadlineMs: STOP_DEADLINE_MS, onError: printReason });
  await launcher.start().catch((error: unknown) => fail(launcher, error));
}, printReason);
