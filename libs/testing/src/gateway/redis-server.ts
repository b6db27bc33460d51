import { accessSync, constants } from 'node:fs';
import { createConnection } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.js';
import { reservePort } from './reserved-port.js';

export interface TestRedis {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Where Debian's redis-server is, if it is on this machine. */
export const redisBinary = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'redis-server'))
    .find(isExecutable);

/** Starts a Redis on loopback that keeps nothing, on the port of the last one if it has to be found again. */
export async function startRedis(
  folder: string,
  lastPort?: number,
  options: readonly string[] = [],
): Promise<TestRedis> {
  const command = redisBinary();
  if (command === undefined) throw new Error('redis-server is not on this machine');
  const port = lastPort ?? (await reservePort());
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const args = [...own, ...options];
  const logFile = join(folder, 'redis.log');
  const child = new Child({ name: 'redis-server', command, args, env: process.env, logFile });
  await child.untilUp(async () => {
    const answer = await redisCommand(port, 'PING').catch(String);
    return answer.startsWith('+PONG') ? 'up' : answer;
  });
  return { url: `redis://127.0.0.1:${port}`, pid: child.pid, stop: async () => void (await child.end('SIGTERM')) };
}

/** A node of a Redis Cluster, which can be ended and started again. */
export interface ClusterNode {
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const SLOTS = 16_384;

/** Starts a Redis Cluster of so many primaries, without replicas. */
export async function startRedisCluster(folder: string, size: number): Promise<readonly ClusterNode[]> {
  const nodes: BusNode[] = [];
  for (let i = 0; i < size; i += 1) nodes.push(await clusterNode(folder));
  for (const node of nodes) await node.start();
  const [first, ...others] = nodes;
  for (const [i, { port }] of nodes.entries()) {
    const [from, to] = [i, i + 1].map((n) => Math.floor((n * SLOTS) / size)) as [number, number];
    await redisCommand(port, `CLUSTER ADDSLOTSRANGE ${from} ${to - 1}`);
    await redisCommand(port, `CLUSTER SET-CONFIG-EPOCH ${i + 1}`);
  }
  for (const { port, busPort } of others) {
    await redisCommand(first?.port ?? 0, `CLUSTER MEET 127.0.0.1 ${port} ${busPort}`);
  }
  for (const { port } of nodes) {
    for (let info = ''; !info.includes('cluster_state:ok'); info = await redisCommand(port, 'CLUSTER INFO')) {
      await sleep(50);
    }
  }
  return nodes;
}

type BusNode = ClusterNode & { readonly busPort: number };

async function clusterNode(folder: string): Promise<BusNode> {
  const [port, busPort] = [await reservePort(), await reservePort()];
  const file = `nodes-${port}.conf`;
  const options = ['--cluster-enabled', 'yes', '--cluster-config-file', file, '--cluster-port', String(busPort)];
  let running: TestRedis | undefined;
  return {
    port,
    busPort,
    start: async () => void (running = await startRedis(folder, port, [...options, '--cluster-node-timeout', '2000'])),
    stop: async () => running?.stop(),
  };
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
