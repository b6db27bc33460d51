import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { DatabaseModule, visitDatabase } from '@gateway/database';
import { PlanRetentionService, RetainMessagesService, RetentionModule, type RetentionResult } from '@gateway/delivery';
import {
  ConfigError,
  createContext,
  loadConfig,
  PlatformModule,
  redactSecrets,
  silentLogger,
  type GatewayConfig,
} from '@gateway/platform';
import { Progress, printPlan, printReport } from './printer.js';

const USAGE = `npm run retention                  erases what has been kept long enough
npm run retention -- --dry-run     only says what it would erase

RETENTION_DAYS_AUTHENTICATION, RETENTION_DAYS_TRANSACTIONAL, RETENTION_DAYS_MARKETING, RETENTION_DROP_DAYS and
RETENTION_BY_MONTH say how long; DATABASE_URL, or DATA_DIR, says where. A gateway may run meanwhile, and other runs.
Exit code 0: done, 1: something is left for the next run, 2: it could not run.
`;

const LEFT = 1;
const COULD_NOT_RUN = 2;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { 'dry-run': { type: 'boolean', default: false }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const config = loadConfig();
  const visited = await visitDatabase(config, 'gateway-retention');
  try {
    const context = await createContext([
      PlatformModule.forRoot({ name: 'retention', config, log: silentLogger() }),
      DatabaseModule.over(visited.database),
      RetentionModule,
    ]);
    return await (values['dry-run'] ? plan(config, context) : run(config, context));
  } finally {
    await visited.leave();
  }
}

async function plan({ retention }: GatewayConfig, context: INestApplicationContext): Promise<number> {
  printPlan(await context.get(PlanRetentionService, { strict: false }).execute(), retention, print);
  return 0;
}

async function run({ retention: policy }: GatewayConfig, context: INestApplicationContext): Promise<number> {
  if (Object.values(policy.days).every((days) => days === 0)) print('Everything is kept for ever (RETENTION_DAYS_*).');
  const progress = new Progress(process.stderr.isTTY, (text) => void process.stderr.write(text));
  const { report, ended } = await context
    .get(RetainMessagesService, { strict: false })
    .execute({ signal: untilStopped(), wait: true, onProgress: (now) => progress.show(now) })
    .finally(() => progress.end());
  printReport(report, print);
  return exitCodeOf({ report, ended });
}

function exitCodeOf({ report, ended }: RetentionResult): number {
  if (ended === 'stopped') print('stopped; the next run goes on from here');
  return ended === 'done' && report.monthsInUse.length === 0 ? 0 : LEFT;
}

/** The first signal ends the run after the piece of work that it is at. */
function untilStopped(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
}

function wordsOf(error: unknown): string {
  if (error instanceof ConfigError) {
    return error.faults.map(({ variable, problem }) => `${variable} ${problem}`).join('; ');
  }
  return error instanceof Error ? error.message || error.name : String(error);
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`Retention could not run: ${redactSecrets(wordsOf(error))}\n`);
  process.exit(COULD_NOT_RUN);
}
