import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  actorsAt,
  aMessage,
  aSender,
  eventually,
  freshDatabase,
  queueKinds,
  redisCommand,
  startRedisCluster,
  TestGateway,
  type Actors,
  type ClusterNode,
} from '@gateway/testing';

// Without redis-server only the queue on PostgreSQL is tested.
(queueKinds().includes('redis') ? describe : describe.skip)('a Redis Cluster of three nodes', () => {
  let folder: string;
  let nodes: readonly ClusterNode[];
  let running: TestGateway;
  let actors: Actors;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gateway-cluster-'));
    nodes = await startRedisCluster(folder, 3);
    const redisUrl = nodes.map(({ port }) => `redis://127.0.0.1:${port}`).join(',');
    running = await TestGateway.start({ databaseUrl: await freshDatabase(), redisUrl });
    actors = actorsAt(running.address);
  }, 120_000);
  afterAll(async () => {
    await running.stop();
    for (const node of nodes) await node.stop();
    rmSync(folder, { recursive: true });
  });

  const health = async (): Promise<unknown> => {
    const answer = await fetch(`${actors.address.apiUrl}/health/ready`);
    return [answer.status, ((await answer.json()) as { status: string }).status];
  };

  /** One mail for each dispatch queue. */
  async function deliverInAllLanes(): Promise<void> {
    const from = aSender();
    const accounts = ['ncp', 'nhn'] as const;
    const messages = accounts.flatMap((account) => {
      const message = aMessage().from(from).through(account);
      return [message, message.marketing(), message.authentication()];
    });
    await Promise.all(messages.map((message, n) => actors.gateway.deliver(message.to(`r.${n}@example.com`))));
    expect(await actors.simulator.summary(from)).toMatchObject({ recipients: 6, repeatedAddresses: { count: 0 } });
  }

  it('shares the queues, and all keys of one are on one node', async () => {
    await deliverInAllLanes();
    const nodesOf = new Map<string, Set<number>>();
    for (const { port } of nodes) {
      const keys = (await redisCommand(port, 'KEYS *')).match(/^gateway:\{.+$/gm) ?? [];
      for (const key of keys) {
        const queue = /\{(.+)\}/.exec(key)?.[1] ?? '';
        nodesOf.set(queue, (nodesOf.get(queue) ?? new Set()).add(port));
      }
    }
    expect([...nodesOf.keys()]).toEqual(expect.arrayContaining(['dispatch-ncp-marketing', 'track-nhn']));
    expect([...nodesOf.values()].filter(({ size }) => size > 1)).toEqual([]);
    expect(new Set([...nodesOf.values()].flatMap((ports) => [...ports])).size).toBe(3);
  });

  it('is shown by the queue board', async () => {
    const authorization = `Bearer ${actors.address.apiKey}`;
    const answer = await fetch(`${actors.address.apiUrl}/queues/api/queues`, { headers: { authorization } });
    const { queues } = (await answer.json()) as { queues: readonly { name: string }[] };
    expect([answer.status, queues.length]).toEqual([200, 10]);
  });

  it('counts as away while a node is, which delays no mail', async () => {
    const [, second] = nodes;
    await second?.stop();
    await eventually(async () => expect(await health()).toEqual([200, 'degraded']));
    await deliverInAllLanes();
    await second?.start();
    await eventually(async () => expect(await health()).toEqual([200, 'up']));
    await deliverInAllLanes();
  }, 60_000);
});
