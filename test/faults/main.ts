import { parseArgs } from 'node:util';
import { redisBinary } from '../../libs/testing/src/gateway/redis-server.js';
import type { QueueKind } from '../../libs/testing/src/gateway/test-gateway.js';
import { casesOf, DISASTERS } from './plan.js';
import { Report } from './report.js';
import { Stage } from './stage.js';

const USAGE = `npm run test:faults                    20 cases of a random seed
npm run test:faults -- --seed 7        the cases of this seed
npm run test:faults -- --cases 100     so many
npm run test:faults -- --minutes 30    as many as there is time for
npm run test:faults -- --only 3,4      only these of the seed's cases
npm run test:faults -- --queue redis   only on this queue backend (postgres, redis)

Exit code 0: every guarantee was kept; 1: not; the seed and the case repeat it.
`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Options {
  readonly seed: number;
  readonly queues: readonly QueueKind[];
  readonly mostCases: number;
  readonly mostMs: number;
  readonly only: readonly number[] | undefined;
}

function readOptions(): Options | undefined {
  const text = { type: 'string' } as const;
  const options = {
    seed: text,
    cases: text,
    minutes: text,
    only: text,
    queue: text,
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help === true) return undefined;
  const { seed, cases, minutes, queue } = values;
  const only = values.only?.split(',').map((number) => wholeNumber('only', number, 1));
  const endless = minutes !== undefined || only !== undefined;
  return {
    seed: wholeNumber('seed', seed, Math.floor(Math.random() * 1_000_000)),
    queues: queuesOf(queue),
    mostCases: wholeNumber('cases', cases, endless ? 1_000_000 : 20),
    mostMs: minutes === undefined ? Infinity : wholeNumber('minutes', minutes, 0) * 60_000,
    only,
  };
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}"`);
  return Number(text);
}

function queuesOf(text: string | undefined): readonly QueueKind[] {
  const here: readonly QueueKind[] = redisBinary() === undefined ? ['postgres'] : ['postgres', 'redis'];
  if (here.length === 1) print('redis-server is not on this machine: nothing is tested on Redis');
  const queues = here.filter((queue) => text === undefined || queue === text);
  if (queues.length === 0) throw new Error(`there is no queue "${text ?? ''}" on this machine`);
  return queues;
}

async function main(options: Options): Promise<number> {
  const began = performance.now();
  const report = new Report();
  const stage = new Stage({ report, print });
  stopInOrder(stage);
  print(`seed ${options.seed}`);
  await playAll(options, stage);
  await stage.close();
  print(`\n${report.table(DISASTERS)}`);
  print(report.summary((performance.now() - began) / 1000));
  if (report.violations === 0) return 0;
  const alone = options.queues.length === 1 ? ` --queue ${options.queues.join('')}` : '';
  print(`\nTo repeat: npm run test:faults -- --seed ${options.seed} --only <case>${alone}`);
  return 1;
}

async function playAll({ seed, queues, mostCases, mostMs, only }: Options, stage: Stage): Promise<void> {
  const began = performance.now();
  let played = 0;
  const last = only === undefined ? Infinity : Math.max(...only);
  for (const planned of casesOf(seed, queues)) {
    if (played >= mostCases || performance.now() - began > mostMs || planned.number > last) return;
    if (only !== undefined && !only.includes(planned.number)) continue;
    const start = performance.now();
    print(`case ${planned.number}: ${planned.queue}, ${planned.disaster}, ${planned.messages.length} messages`);
    const wrong = await stage.play(planned);
    played += 1;
    print(`  ${((performance.now() - start) / 1000).toFixed(1)} s, ${wrong} violations`);
  }
}

function stopInOrder(stage: Stage): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stage.close().finally(() => process.exit(1)));
  }
}

const said = (error: unknown): string => `it could not go on: ${(error as Error).stack ?? String(error)}`;

const options = readOptions();
if (options === undefined) print(USAGE);
const result = options === undefined ? 0 : await main(options).catch((error: unknown) => print(said(error)));
process.exit(result ?? 1);
