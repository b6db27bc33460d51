import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** The result that listening on an address would have now. */
export type PortState = 'free' | 'in use' | 'not allowed' | 'no such address';

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768 on, others from 49152): any connection
 * may take one of those in the second before the caller listens on it.
 */
const QUIET = { from: 15_000, below: 32_000 };
const TRIES = 20;

/**
 * A TCP port that is free at this moment: the preferred one if possible, else any.
 * @param host address to try on; default: loopback
 */
export const findFreePort = async (preferred = 0, host = '127.0.0.1'): Promise<number> => {
  for (let i = 0; i < TRIES; i += 1) {
    const wanted = i === 0 && preferred !== 0 ? preferred : randomInt(QUIET.from, QUIET.below);
    const { port } = await tryToListen(wanted, host);
    if (port !== undefined) return port;
  }
  return (await tryToListen(0, host)).port ?? 0;
};

export const probePort = async (port: number, host: string): Promise<PortState> =>
  (await tryToListen(port, host)).state;

const tryToListen = (port: number, host: string): Promise<{ readonly state: PortState; readonly port?: number }> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve({ state: stateOf(error.code) }));
    server.listen(port, host, () => {
      const address = server.address();
      const used = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve({ state: 'free', port: used }));
    });
  });

const stateOf = (code: string | undefined): PortState => {
  if (code === 'EADDRINUSE') return 'in use';
  return code === 'EACCES' || code === 'EPERM' ? 'not allowed' : 'no such address';
};
