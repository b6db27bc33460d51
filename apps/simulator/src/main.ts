import { readConfig } from './config.js';
import { buildServer } from './server.js';
import { vendors } from './vendors/vendors.js';

const config = readConfig();
const { app } = await buildServer(config);
await app.listen({ host: config.host, port: config.port });

const address = app.server.address();
const port = typeof address === 'object' && address ? address.port : config.port;
const origin = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
const places = vendors.map(({ title, basePath }) => `${title} ${origin}${basePath}`);
process.stdout.write(`simulator ready: ${places.join(', ')}, control ${origin}/control\n`);

let stopping = false;

/** Stops once, however many signals arrive; open connections (a hung fault) are cut. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await app.close();
  process.exit(0);
}

process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
process.once('disconnect', () => void stop());
