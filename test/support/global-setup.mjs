// Starts, once for the run, the process that brings up PostgreSQL, Redis and gateways when a test first asks for them.
import { fork } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export default async function setUp() {
  globalThis.gatewayTestServices ??= { users: 0 };
  const state = globalThis.gatewayTestServices;
  state.users += 1;
  if (state.users > 1) return;
  const queues = hasRedis() ? ['postgres', 'redis'] : ['postgres'];
  if (queues.length === 1) {
    const words = 'redis-server is not on this machine: nothing is tested on Redis (apt install redis-server)';
    if (process.env.CI) throw new Error(words);
    console.warn(`\n${words}`);
  }
  state.child = fork(join(import.meta.dirname, 'services.ts'), {
    execArgv: ['--import', join(import.meta.dirname, 'run-typescript.mjs'), '--disable-warning=ExperimentalWarning'],
    // A session of its own: Ctrl-C ends Jest, whose end it notices, and then everything that it started.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { url } = await new Promise((resolve, reject) => {
    state.child.once('message', resolve);
    state.child.once('exit', (code) => reject(new Error(`the test services ended with ${code}`)));
  });
  process.env.GATEWAY_TEST_SERVICES = JSON.stringify({ url, queues });
}

const hasRedis = () =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'redis-server'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
