import { describe } from '@jest/globals';
import type { GatewayAddress, QueueKind } from './test-gateway.js';

/** Settings of the run's services; set by test/support/global-setup.mjs. */
interface ServicesEnv {
  readonly url: string;
  readonly queues: readonly QueueKind[];
}

function services(): ServicesEnv {
  const text = process.env['GATEWAY_TEST_SERVICES'];
  if (text === undefined) throw new Error('the services of test/support are not running: use "npm test"');
  return JSON.parse(text) as ServicesEnv;
}

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${services().url}${path}`, { method: 'POST' });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text}`);
  return JSON.parse(text) as T;
}

/** A fresh, migrated database of the run's PostgreSQL. */
export const freshDatabase = async (): Promise<string> => (await ask<{ url: string }>('/databases/migrated')).url;

/** A fresh database without anything in it. */
export const emptyDatabase = async (): Promise<string> => (await ask<{ url: string }>('/databases/empty')).url;

/** A Redis database number of its own, as URL. Not flushed by others, unless they say FLUSHALL. */
export const sharedRedis = async (): Promise<string> => (await ask<{ url: string }>('/redis/shared')).url;

/** A Redis server for the caller alone. */
export const ownRedis = async (): Promise<string> => (await ask<{ url: string }>('/redis/own')).url;

/** The gateway that all stories of a queue backend share: a test must leave it as it found it. */
export const sharedGateway = (queue: QueueKind): Promise<GatewayAddress> => ask(`/gateways/${queue}`);

/** The queue backends of this machine. Without redis-server only PostgreSQL; CI fails then, before any test. */
export const queueKinds = (): readonly QueueKind[] => services().queues;

/** The same tests for each queue backend. */
export function onEachQueue(name: string, tests: (queue: QueueKind) => void): void {
  describe.each(queueKinds())(`${name}, queue on %s`, tests);
}

/**
 * Within `onEachQueue`, what the queue has no part in: rules of accounts, of requests and of the database. Runs on the
 * first backend only; on the others it is not there, also not as skipped.
 */
export function onOneQueue(queue: QueueKind, tests: () => void): void {
  if (queue === queueKinds()[0]) tests();
}
