import type { FastifyAdapter } from '@bull-board/fastify';
import type { Queue } from 'bullmq';
import type { BatchQueue, QueueBackend } from './queue-backend.js';

export abstract class QueueBoard {
  /** For `fastify.register`: the pages and the calls that they make. It checks no key. */
  abstract readonly plugin: ReturnType<FastifyAdapter['registerPlugin']>;
  /** Rejects when the queue does not answer, because a page would wait for it forever. */
  abstract ready(): Promise<void>;
  abstract close(): Promise<void>;
}

const ABOUT = 'Jobs are hints: PostgreSQL records the work to do, so there is nothing to retry or delete here.';

/** Bull Board over these queues, to look at and nothing else. Loaded here: only the api shows it. */
export async function openQueueBoard(
  backend: QueueBackend,
  names: readonly string[],
  basePath: string,
): Promise<QueueBoard> {
  const [{ createBullBoard }, { BullMQAdapter }, { FastifyAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/fastify'),
  ]);
  const queues = names.map((name) => backend.queue(name));
  const serverAdapter = readOnly(new FastifyAdapter());
  serverAdapter.setBasePath(basePath);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(asBullQueue(queue), { readOnlyMode: true, description: ABOUT })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Email gateway', hideRedisDetails: true, hideDocsLink: true } },
  });
  return {
    plugin: serverAdapter.registerPlugin(),
    ready: () => backend.watch.patiently(() => backend.ping()),
    close: async () => void (await Promise.allSettled(queues.map((queue) => queue.close()))),
  };
}

/** It is one; only the types of BullMQ's two backends do not fit each other. */
const asBullQueue = (queue: BatchQueue): Queue => queue as unknown as Queue;

type ApiRoutes = Parameters<FastifyAdapter['setApiRoutes']>[0];

/** It then serves no route that could change anything, whatever a page offers. */
function readOnly(adapter: FastifyAdapter): FastifyAdapter {
  const setAll = adapter.setApiRoutes.bind(adapter);
  adapter.setApiRoutes = (routes: ApiRoutes) =>
    setAll(routes.filter(({ method }) => [method].flat().every((name) => name === 'get')));
  return adapter;
}
