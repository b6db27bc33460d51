import { workerLanes, type Env } from '@gateway/platform';

/** Made up, of the form the real ones have; the simulator knows exactly these. */
export const sandboxEnv = (simulatorPort: number): Env => ({
  SANDBOX: 'true',
  NCP_BASE_URL: `http://127.0.0.1:${simulatorPort}/api/v1`,
  NCP_ACCESS_KEY: 'sandbox-ncp-access-key',
  NCP_SECRET_KEY: 'sandbox-ncp-secret-key',
  NHN_BASE_URL: `http://127.0.0.1:${simulatorPort}`,
  NHN_APP_KEY: 'sandbox-nhn-app-key',
});

export interface GatewayEnvFacts {
  readonly databaseUrl: string;
  readonly apiKey: string;
  readonly port: number;
  readonly dataDir: string;
}

/** What api and worker get beyond the launcher's own environment. */
export const gatewayEnv = ({ databaseUrl, apiKey, port, dataDir }: GatewayEnvFacts): Env => ({
  DATABASE_URL: databaseUrl,
  GATEWAY_API_KEY: apiKey,
  PORT: String(port),
  DATA_DIR: dataDir,
});

const LOGIN_CODES = 'authentication';

/**
 * Login codes have a worker of their own, so that they wait for no campaign's turn. Who names lanes wants one worker for
 * just these.
 * @returns each worker with what it gets beyond the others.
 */
export const workersOf = (env: Env): readonly (readonly ['worker' | 'login-worker', Env])[] =>
  env['WORKER_LANES'] === undefined
    ? [
        ['worker', { WORKER_LANES: workerLanes.filter((lane) => lane !== LOGIN_CODES).join(',') }],
        // Only one of them can have the port, and it is the one that sweeps.
        ['login-worker', { WORKER_LANES: LOGIN_CODES, WORKER_PORT: undefined }],
      ]
    : [['worker', {}]];
