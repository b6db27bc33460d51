import {
  Database,
  EventRepository,
  IntegrityRepository,
  ProviderAccountRepository,
  RecoveryRepository,
  SuppressionRepository,
  TrackingRepository,
  expectCurrent,
  visitDatabase,
} from '@gateway/database';
import {
  ExamineAttempts,
  ExamineCompletions,
  ExamineCounts,
  ExamineJobs,
  ExamineOwners,
  ProviderDirectory,
  Recorder,
  RecoverService,
  type Examination,
} from '@gateway/delivery';
import { envVariable, parseEnv, silentLogger, type GatewayConfig } from '@gateway/platform';
import { BatchProducer, JobList, openQueueBackend, type QueueBackend } from '@gateway/queue';
import { z } from 'zod';

export interface Practice {
  readonly examinations: readonly Examination[];
  close(): Promise<void>;
}

const SECOND_LOOK_MS = 1000;
const lateSchema = z.object({ '--late': envVariable.durationMs(0).default(900_000) });

/** Finds the gateway's database and queue. @throws Error when they are not to be had, or not of this version. */
export async function openPractice(config: GatewayConfig, late: string | undefined): Promise<Practice> {
  const { '--late': lateMs } = parseEnv(lateSchema, { '--late': late });
  const visited = await visitDatabase(config);
  const onError = (): void => undefined;
  const database = new Database({ url: visited.url, connections: 2, applicationName: 'gateway-doctor', onError });
  try {
    await expectCurrent(database.pool);
    const redisNodes = config.redis?.nodes ?? [];
    const backend = await openQueueBackend({ redisNodes, databaseUrl: visited.url, connections: 2, onError });
    const jobs = new JobList(backend);
    return {
      examinations: examinationsOf({ database, backend, jobs, config, lateMs }),
      close: async () => {
        await jobs.close();
        await backend.close();
        await database.close();
        await visited.leave();
      },
    };
  } catch (error) {
    await database.close();
    await visited.leave();
    throw error;
  }
}

function examinationsOf(parts: {
  readonly database: Database;
  readonly backend: QueueBackend;
  readonly jobs: JobList;
  readonly config: GatewayConfig;
  readonly lateMs: number;
}): readonly Examination[] {
  const { database, backend, jobs, config, lateMs } = parts;
  const integrity = new IntegrityRepository(database);
  const recorder = new Recorder(new TrackingRepository(database), new EventRepository(database), {
    repository: new SuppressionRepository(database),
    bounceDays: 0,
  });
  const recover = new RecoverService({
    ...{ database, recorder, timing: config },
    recovery: new RecoveryRepository(database),
    accounts: new ProviderAccountRepository(database),
    // Of no account: all it does here is to take over from workers.
    providers: new ProviderDirectory([]),
    producer: new BatchProducer(backend),
    log: silentLogger(),
  });
  const shared = { database, integrity, recorder, secondLookMs: SECOND_LOOK_MS };
  return [
    new ExamineCounts(shared),
    new ExamineCompletions(shared),
    new ExamineOwners({ integrity, recover, lateMs }),
    new ExamineAttempts(shared),
    new ExamineJobs({ integrity, jobs }),
  ];
}
