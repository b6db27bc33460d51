import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../..');
const launcher = join(root, 'dist/apps/standalone/src/main.js');
const READY_MS = 180_000;

/** Nothing of the caller's own settings: neither its accounts nor its database have a part in a demo. */
const environment = (dataDir, apiKey) => ({
  ...Object.fromEntries(['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'].map((name) => [name, process.env[name]])),
  DATA_DIR: dataDir,
  GATEWAY_API_KEY: apiKey,
  SANDBOX: 'true',
  PORT: '0',
  LOG_LEVEL: 'warn',
  POLL_INTERVAL_MS: '250',
  RECOVERY_INTERVAL_MS: '500',
  // The first version that tells why a mail came back.
  NHN_API_VERSION: 'v1.7',
});

/** Starts a gateway in a temporary folder on a free port; `stop` ends it and removes everything. */
export const startSandbox = () => {
  const startedAt = performance.now();
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-demo-'));
  const apiKey = `gk_${randomBytes(24).toString('base64url')}`;
  // A session of its own, so that Ctrl-C reaches only the demo; the channel ends it should the demo be killed.
  const child = spawn(process.execPath, [launcher], {
    env: environment(dataDir, apiKey),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  let control;
  const sandbox = {
    stopping: false,
    output: () => output,
    summary: () => ask(`${control}/summary`),
    ready: new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the gateway did not start in time')), READY_MS);
      ended.then((code) => reject(new Error(`the gateway ended with ${code}`))).finally(() => clearTimeout(timer));
      const read = (chunk) => {
        output += chunk;
        control ??= /control (http\S+)/.exec(output)?.[1];
        const url = /Email gateway +(http\S+)/.exec(output)?.[1];
        if (url === undefined) return;
        clearTimeout(timer);
        const seconds = (performance.now() - startedAt) / 1000;
        connect(url, apiKey).then((gateway) => resolve({ seconds, url, gateway }), reject);
      };
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
    }),
    stop: async () => {
      sandbox.stopping = true;
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return sandbox;
};

/** The published client, as it was built with everything else. */
const connect = async (url, apiKey) => {
  const { EmailGateway } = await import(pathToFileURL(join(root, 'dist/libs/client/src/index.js')).href);
  return new EmailGateway({ url, apiKey });
};

const ask = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer.json();
};
