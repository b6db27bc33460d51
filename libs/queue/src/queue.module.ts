import { CONFIG, LOGGER, type GatewayConfig, type Logger } from '@gateway/platform';
import { Global, Module, type DynamicModule, type InjectionToken, type OnApplicationShutdown } from '@nestjs/common';
import { BatchProducer } from './batch-producer.js';
import { openQueueBackend, QueueBackend } from './queue-backend.js';

/** One process's connections to the queue, on Redis where it is configured, else on PostgreSQL. */
@Global()
@Module({})
export class QueueModule implements OnApplicationShutdown {
  constructor(
    private readonly backend: QueueBackend,
    private readonly producer: BatchProducer,
  ) {}

  /**
   * @param options.after is made first. A queue on PostgreSQL uses the gateway's own database; where that lacks its
   * tables, the database's error says so better than the queue's.
   */
  static forRoot({ after, ...options }: QueueOptions): DynamicModule {
    const providers = [
      {
        provide: QueueBackend,
        useFactory: async ({ redis }: GatewayConfig, log: Logger) => {
          const settings = {
            ...options,
            redisNodes: redis?.nodes ?? [],
            redisCa: redis?.ca,
            onError: nowAndThen(log),
          };
          const backend = await openQueueBackend(settings);
          backend.watch.onChange((isAway) => {
            if (isAway) log.error('the queue is away: work is taken from the database');
            else log.info('the queue is back');
          });
          return backend;
        },
        inject: [CONFIG, LOGGER, after],
      },
      BatchProducer,
    ];
    return { module: QueueModule, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.producer.close();
    await this.backend.close();
  }
}

const LOGGED_EVERY_MS = 10_000;

/** Each of a process's connections reports each of its tries. */
function nowAndThen(log: Logger): (error: Error) => void {
  let loggedAt = -Infinity;
  return (err) => {
    if (performance.now() - loggedAt < LOGGED_EVERY_MS) return;
    loggedAt = performance.now();
    log.warn({ err }, 'connection trouble');
  };
}

interface QueueOptions {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly after: InjectionToken;
}
