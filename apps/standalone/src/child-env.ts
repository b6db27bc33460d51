import { workerLanes, type Env } from '@gateway/platform';
import { sandboxVariables } from '@gateway/providers';

/**
 * The accounts with which the gateway uses the simulator at this address, as the simulator itself describes them: the usual
 * ones, or those that `ACCOUNTS` names.
 */
export const sandboxEnv = async (simulatorUrl: string, env: Env): Promise<Env> => {
  const kinds = (env['ACCOUNTS'] ?? '').trim() === '' ? '' : '?kinds=all';
  const answer = await fetch(`${simulatorUrl}/control/accounts${kinds}`);
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status} when asked for its accounts`);
  const simulated = (await answer.json()) as Record<string, string>;
  return { SANDBOX: 'true', SIMULATOR_URL: simulatorUrl, ...sandboxVariables(env, simulated) };
};

export interface GatewayEnvFacts {
  readonly databaseUrl: string;
  readonly apiKey: string;
  readonly webhookMasterKey: string;
  readonly port: number;
  readonly dataDir: string;
}

/** Environment of api and worker, in addition to the launcher's own. */
export const gatewayEnv = ({ databaseUrl, apiKey, webhookMasterKey, port, dataDir }: GatewayEnvFacts): Env => ({
  DATABASE_URL: databaseUrl,
  // The owner's credentials are for migrations; no process that answers requests has them.
  DATABASE_MIGRATION_URL: undefined,
  GATEWAY_API_KEY: apiKey,
  WEBHOOK_MASTER_KEY: webhookMasterKey,
  PORT: String(port),
  DATA_DIR: dataDir,
});

const LOGIN_CODES = 'authentication';

/**
 * Login codes have a worker of their own, so that they do not wait for campaigns. If the environment sets
 * `WORKER_LANES`, there is one worker, for those lanes.
 * @returns each worker with its additional environment.
 */
export const workersOf = (env: Env): readonly (readonly ['worker' | 'login-worker', Env])[] =>
  env['WORKER_LANES'] === undefined
    ? [
        ['worker', { WORKER_LANES: workerLanes.filter((lane) => lane !== LOGIN_CODES).join(',') }],
        // Only one of them can have the port, and it is the one that sweeps.
        ['login-worker', { WORKER_LANES: LOGIN_CODES, WORKER_PORT: undefined }],
      ]
    : [['worker', {}]];
