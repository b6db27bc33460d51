import { parseArgs } from 'node:util';
import { aftermath } from './aftermath.js';
import { Report, watched } from './report.js';
import { Run, type RunOptions } from './run.js';
import { Watch } from './watch.js';
import { openWorld, type World } from './world.js';

const USAGE = `npm run test:fuzz                        2,000 hostile requests of a random seed
npm run test:fuzz -- --seed 7            the requests of this seed
npm run test:fuzz -- --requests 100000   so many
npm run test:fuzz -- --concurrency 64    so many connections at once (default 32)
npm run test:fuzz -- --seed 7 --only 12  one conversation of the seed again
npm run test:fuzz -- --database URL      on an empty database of this server

Exit code 0: every answer was as documented, and login codes arrived all the while; 1: not.
`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Options extends Omit<RunOptions, 'print'> {
  readonly database: string | undefined;
}

function readOptions(): Options | undefined {
  const text = { type: 'string' } as const;
  const options = {
    seed: text,
    requests: text,
    concurrency: text,
    only: text,
    database: text,
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help === true) return undefined;
  const { seed, requests, concurrency, only, database } = values;
  return {
    seed: wholeNumber('seed', seed) ?? Math.floor(Math.random() * 1_000_000),
    requests: wholeNumber('requests', requests) ?? 2000,
    concurrency: wholeNumber('concurrency', concurrency) ?? 32,
    only: wholeNumber('only', only),
    database,
  };
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}"`);
  return Number(text);
}

async function main(options: Options): Promise<number> {
  print(`seed ${options.seed}`);
  const world = await openWorld(options.database);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void world.close().finally(() => process.exit(1)));
  }
  try {
    return await attack(world, options);
  } finally {
    await world.close();
  }
}

async function attack(world: World, options: Options): Promise<number> {
  const report = new Report();
  const run = new Run(world, report, { ...options, print });
  const watch = new Watch(world);
  const began = performance.now();
  const cpu = process.cpuUsage();
  await run.playAll();
  if (!world.gateway.isRunning('api')) print(`the api has ended, while these were played: ${run.playing.join(', ')}`);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await watch.stop();
  await run.shrink();
  const after = [...watch.faults, ...(await aftermath(world))];
  for (const what of after) if (report.noteFault(what)) print(what);
  print(`\n${report.table()}\n${watched(watch)}`);
  const generator = `${((user + system) / 1e6).toFixed(1)} s CPU of the generator`;
  print(`${report.requests} requests, ${report.answers} answers in ${seconds.toFixed(1)} s, ${generator}`);
  print(`${report.turnedAway} turned away (429, 503), slowest answer ${Math.round(report.slowestMs)} ms`);
  print(`${report.faults} faults`);
  if (report.faults === 0) return 0;
  print(`\nTo repeat: npm run test:fuzz -- --seed ${options.seed} --only <conversation>`);
  return 1;
}

const options = readOptions();
if (options === undefined) print(USAGE);
const failed = (error: unknown): number => {
  print(`could not go on: ${(error as Error).stack ?? String(error)}`);
  return 1;
};
process.exit(options === undefined ? 0 : await main(options).catch(failed));
