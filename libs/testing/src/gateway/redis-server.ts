import { accessSync, constants } from 'node:fs';
import { createConnection } from 'node:net';
import { delimiter, join } from 'node:path';
import { Child } from './child.js';
import { reservePort } from './reserved-port.js';

export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** Where Debian's redis-server is, if it is on this machine. */
export const redisBinary = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'redis-server'))
    .find(isExecutable);

/** Starts a Redis on loopback that keeps nothing, on the port of the last one if it has to be found again. */
export async function startRedis(folder: string, lastPort?: number): Promise<TestRedis> {
  const command = redisBinary();
  if (command === undefined) throw new Error('redis-server is not on this machine');
  const port = lastPort ?? (await reservePort());
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const logFile = join(folder, 'redis.log');
  const child = new Child({ name: 'redis-server', command, args, env: process.env, logFile });
  await child.untilUp(async () => {
    const answer = await redisCommand(port, 'PING').catch(String);
    return answer.startsWith('+PONG') ? 'up' : answer;
  });
  return { url: `redis://127.0.0.1:${port}`, stop: async () => void (await child.end('SIGTERM')) };
}

/** One command over a connection of its own; @returns the raw answer. */
export const redisCommand = (port: number, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString());
    });
  });

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
