function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} must be set`);
  return value;
}

export interface Settings {
  readonly databaseUrl: string;
  /** Unset: BullMQ keeps its jobs in PostgreSQL. */
  readonly redisUrl: string | undefined;
}

export const readSettings = (): Settings => ({
  databaseUrl: required('DATABASE_URL'),
  redisUrl: process.env['REDIS_URL'] || undefined,
});

export const readPort = (): number => Number(required('PORT'));
/** Where a mail is posted. */
export const readSinkUrl = (): string => `${required('SINK_URL')}/plain`;
export const readConcurrency = (): number => Number(process.env['WORKER_CONCURRENCY'] ?? 50);

const PATIENCE_MS = 5000;

/** Ends the process on a signal, or when its parent is gone; cleanly if that takes less than `PATIENCE_MS`. */
export function endWith(close: () => Promise<void>): void {
  const end = (): void => {
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    void close().finally(() => process.exit(0));
  };
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, end);
}
