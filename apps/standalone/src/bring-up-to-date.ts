import { grantToApplication, migrate } from '@gateway/database';
import { PostgresError, type GatewayConfig } from '@gateway/platform';
import { migrateQueues } from '@gateway/queue';
import { LaunchError } from './launch-error.js';

export interface DatabaseUrls {
  /** URL of the role that owns the tables, or will own them. */
  readonly owner: string;
  /** URL of the role of api and worker. Absent: the role is not known here, and gets no rights. */
  readonly application?: string | undefined;
}

/**
 * The step before new processes start: tables of the gateway, tables of the queue where it is in PostgreSQL,
 * and privileges of the application's role. Safe to repeat and to run by two at once.
 * @returns the names of the migrations that were applied.
 * @throws PostgresError, LaunchError with one line for the operator.
 */
export async function bringUpToDate(
  { owner, application }: DatabaseUrls,
  config: Pick<GatewayConfig, 'redis'>,
  log: (line: string) => void,
): Promise<readonly string[]> {
  try {
    const { applied } = await migrate(owner, log);
    if (config.redis === undefined) await migrateQueues(owner);
    if (application !== undefined && application !== owner) await grantToApplication({ owner, application }, log);
    return applied;
  } catch (error) {
    if (error instanceof PostgresError) throw error;
    throw new LaunchError('The database cannot be brought up to date', error);
  }
}
