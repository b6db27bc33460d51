import { parseArgs } from 'node:util';
import { loadConfig, redactSecrets } from '@gateway/platform';
import { openPractice } from './practice.js';
import { Report } from './report.js';

const USAGE = `npm run doctor                     compares what is kept with what is there
npm run doctor -- --fix            and mends what is certain
npm run doctor -- --late 15m       after how long a batch counts as forgotten (15m)

DATABASE_URL and REDIS_URL, or DATA_DIR, say where; a gateway may run meanwhile.
Exit code 0: nothing found, 1: findings (mended or not), 2: it could not look.
`;

const COULD_NOT_LOOK = 2;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { fix: { type: 'boolean', default: false }, late: { type: 'string' }, help: { type: 'boolean' } },
  });
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const practice = await openPractice(loadConfig(), values.late);
  try {
    const report = new Report(print);
    for (const examination of practice.examinations) await report.examine(examination, values.fix);
    return report.finish();
  } finally {
    await practice.close();
  }
}

try {
  // The queue's connections may still be trying to connect.
  process.exit(await main());
} catch (error) {
  const words = error instanceof Error ? error.message || error.name : String(error);
  process.stderr.write(`The doctor could not look: ${redactSecrets(words)}\n`);
  process.exit(COULD_NOT_LOOK);
}
