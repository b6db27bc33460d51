import { createServer } from 'node:net';

/**
 * A TCP port nobody listens on at that moment: the preferred one when it is free, else any.
 * @param host address to try on; loopback unless given
 */
export const findFreePort = async (preferred = 0, host = '127.0.0.1'): Promise<number> => {
  const port = await tryPort(preferred, host);
  return port ?? (await tryPort(0, host)) ?? 0;
};

/** Whether a server could listen there now. Address errors (no such host) throw. */
export const isPortFree = async (port: number, host: string): Promise<boolean> =>
  (await tryPort(port, host)) !== undefined;

const tryPort = (port: number, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    );
    server.listen(port, host, () => {
      const address = server.address();
      const used = typeof address === 'object' && address ? address.port : undefined;
      server.close(() => resolve(used));
    });
  });
