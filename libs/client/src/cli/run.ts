import { listen } from './listen.js';
import { readOptions, USAGE } from './options.js';

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args, process.env);
  if (options === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  await listen(options, { signal: stop.signal, print: (line) => void process.stdout.write(`${line}\n`) });
  return 0;
}
