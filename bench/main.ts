import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Case, Row } from './case.js';
import { acceptLatency } from './cases/accept-latency.js';
import { batchAccept } from './cases/batch-accept.js';
import { bulkAccept } from './cases/bulk-accept.js';
import { bulkDispatch } from './cases/bulk-dispatch.js';
import { cost } from './cases/cost.js';
import { encryptedContents } from './cases/encrypted-contents.js';
import { keyRates } from './cases/key-rates.js';
import { keyedAccept } from './cases/keyed-accept.js';
import { loginCodes } from './cases/login-codes.js';
import { outage } from './cases/outage.js';
import { redisAway } from './cases/redis-away.js';
import { singleAccept } from './cases/single-accept.js';
import { singleDispatch } from './cases/single-dispatch.js';
import { status } from './cases/status.js';
import { Stage } from './stage.js';
import { reportOf } from './report.js';

const CASES: readonly Case[] = [
  bulkAccept,
  singleAccept,
  keyedAccept,
  keyRates,
  cost,
  acceptLatency,
  batchAccept,
  singleDispatch,
  bulkDispatch,
  status,
  loginCodes,
  encryptedContents,
  outage,
  redisAway,
];

const USAGE = `npm run bench                      measures everything, prints a table, writes it to docs/performance.md
npm run bench -- --quick           fewer rows, one run, in some twenty-five minutes; writes nothing
npm run bench -- --quick --write   the same, and writes it
npm run bench -- --only NAME,…     some cases: ${CASES.map(({ name }) => name).join(', ')}; writes nothing
npm run bench -- --runs 5          so many runs of each side
`;

const PAGE = 'docs/performance.md';
const [BEGIN, END] = ['<!-- bench: begin -->', '<!-- bench: end -->'];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      write: { type: 'boolean' },
      only: { type: 'string' },
      runs: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return print(USAGE);
  const quick = values.quick === true;
  const runs = Number(values.runs ?? (quick ? 1 : 3));
  const wanted = values.only?.split(',');
  const pages = await measure({ quick, runs }, wanted);
  for (const text of pages.values()) print(`\n${text}`);
  const writes = wanted === undefined && (!quick || values.write === true);
  if (writes) for (const [file, text] of pages) keep(file, text);
}

/** @returns what is measured, by the page that it belongs to. */
async function measure(
  how: { readonly quick: boolean; readonly runs: number },
  wanted: readonly string[] | undefined,
): Promise<ReadonlyMap<string, string>> {
  const rows: Row[] = [];
  const pages = new Map<string, string>();
  const started = performance.now();
  const effort = {
    ...how,
    say: (line: string) => print(`  ${line}`),
    page: (file: string, text: string) => void pages.set(file, text),
  };
  for (const each of CASES.filter(({ name }) => wanted?.includes(name) ?? true)) {
    print(`# ${each.name}, after ${minutesSince(started)} minutes`);
    rows.push(...(await each.run(effort)));
  }
  pages.set(PAGE, reportOf(rows, { ...how, minutes: minutesSince(started) }));
  return pages;
}

const minutesSince = (started: number): string => ((performance.now() - started) / 60_000).toFixed(1);

/** Puts it where the page has room for it. */
function keep(file: string, text: string): void {
  const page = readFileSync(file, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  writeFileSync(file, `${before}${BEGIN}\n\n${text}\n${END}${rest.split(END)[1] ?? ''}`);
  print(`written to ${file}`);
}

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopping = true;
    void Stage.closeAll().finally(() => process.exit(1));
  });
}
await main().catch((error: unknown) => {
  // A case that runs fails when its stage closes.
  if (!stopping) throw error;
  return new Promise(() => undefined);
});
