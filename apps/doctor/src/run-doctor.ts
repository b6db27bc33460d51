import { parseArgs } from 'node:util';
import { Database, DatabaseModule, visitDatabase, type VisitedDatabase } from '@gateway/database';
import { DoctorModule, EXAMINATIONS, ProvidersModule, SharedModule, type Examination } from '@gateway/delivery';
import {
  createContext,
  envVariable,
  loadConfig,
  parseEnv,
  PlatformModule,
  redactSecrets,
  silentLogger,
  type Env,
  type GatewayConfig,
} from '@gateway/platform';
import { JobList, QueueModule } from '@gateway/queue';
import { z } from 'zod';
import { Report } from './report.js';

const USAGE = `npm run doctor                     compares what is kept with what is there
npm run doctor -- --fix            and mends what is certain
npm run doctor -- --late 15m       after how long a batch counts as forgotten (15m)

DATABASE_URL and REDIS_URL, or DATA_DIR, say where; a gateway may run meanwhile.
Exit code 0: nothing found, 1: findings (mended or not), 2: it could not look.
`;

const COULD_NOT_LOOK = 2;
const lateSchema = z.object({ '--late': envVariable.durationMs(0).default(900_000) });

export interface DoctorCall {
  readonly args: readonly string[];
  readonly env: Env;
  /** One line of the report. */
  readonly print: (line: string) => void;
  /** Why it could not look, without secrets. */
  readonly complain: (line: string) => void;
}

/** @returns the exit code; never throws. */
export async function runDoctor(call: DoctorCall): Promise<number> {
  try {
    return await look(call);
  } catch (error) {
    const words = error instanceof Error ? error.message || error.name : String(error);
    call.complain(`The doctor could not look: ${redactSecrets(words)}`);
    return COULD_NOT_LOOK;
  }
}

async function look({ args, env, print }: DoctorCall): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { fix: { type: 'boolean', default: false }, late: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const { '--late': lateMs } = parseEnv(lateSchema, { '--late': values.late });
  const config = loadConfig(env);
  const visited = await visitDatabase(config, 'gateway-doctor');
  try {
    return await examine(config, visited, { lateMs, fix: values.fix, print });
  } finally {
    await visited.leave();
  }
}

async function examine(
  config: GatewayConfig,
  { url: databaseUrl, database }: VisitedDatabase,
  { lateMs, fix, print }: { readonly lateMs: number; readonly fix: boolean; readonly print: DoctorCall['print'] },
): Promise<number> {
  const doctor = await createContext([
    PlatformModule.forRoot({ name: 'doctor', config, log: silentLogger() }),
    DatabaseModule.over(database),
    QueueModule.forRoot({ databaseUrl, connections: 2, after: Database }),
    ProvidersModule.none(),
    SharedModule,
    DoctorModule.forRoot(lateMs),
  ]);
  try {
    const report = new Report(print);
    for (const examination of doctor.get<readonly Examination[]>(EXAMINATIONS, { strict: false })) {
      await report.examine(examination, fix);
    }
    return report.finish();
  } finally {
    await doctor.get(JobList, { strict: false }).close();
    await doctor.close();
  }
}
