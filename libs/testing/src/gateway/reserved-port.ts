import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { probePort } from '../../../platform/src/process/free-port.js';

/**
 * Below the ports that `findFreePort` picks from, so that no database or gateway started by other means takes one. Above
 * 10080, the last of the ports that `fetch` and browsers refuse to contact ("bad port").
 */
const PORTS = { from: 10_100, below: 12_500 };
/** A reserved port has a guard so far above it: a socket that the reserving process keeps open. */
const GUARD_DISTANCE = 2500;
const HOST = '127.0.0.1';

/**
 * A free TCP port that belongs to this process until it ends: no other test run on this machine gets it, and neither
 * does a second call. A gateway boots for seconds before it listens, so a port that is only free now is not enough.
 */
export async function reservePort(): Promise<number> {
  const count = PORTS.below - PORTS.from;
  const first = randomInt(count);
  for (let i = 0; i < count; i += 1) {
    const port = PORTS.from + ((first + i) % count);
    if ((await guard(port)) && (await probePort(port, HOST)) === 'free') return port;
  }
  throw new Error(`every port from ${PORTS.from} to ${PORTS.below - 1} is taken`);
}

/** The kernel lets one process listen, and forgets it with that process. */
const guard = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(false));
    server.listen(port + GUARD_DISTANCE, HOST, () => resolve(true)).unref();
  });
