import { ConfigError } from '../config/config-error.js';
import { PostgresError } from '../postgres/postgres-error.js';

/** Exit code by which a child reports a wrong configuration to its launcher: a restart cannot help. */
export const CONFIG_EXIT_CODE = 78;

/**
 * Runs what a process is for. An error the operator can act on becomes its clear lines on stderr, without a stack;
 * any other one is shown whole. Exits with 1, a launcher's child with `CONFIG_EXIT_CODE` for faults of the environment.
 * @param onError replaces the printing of other errors, for a process that has its logger by then
 */
export const runMain = async (
  main: () => Promise<void>,
  onError: (error: unknown) => void = printError,
): Promise<void> => {
  try {
    await main();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof PostgresError) process.stderr.write(`${error.message}\n`);
    else onError(error);
    process.exit(error instanceof ConfigError && process.connected ? CONFIG_EXIT_CODE : 1);
  }
};

const printError = (error: unknown): void => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
};
