import { LogHorizon, WebhookDeliveryRepository, WebhookWorkRepository, type ClaimedEndpoint } from '@gateway/database';
import { CLOCK, CONFIG, LOGGER, pause, STOPPING, type Clock, type GatewayConfig, type Logger } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { WebhookKeys } from '../signing/keys.js';
import { EndpointSender } from './endpoint-sender.js';
import { leaseOf } from './round.js';
import { SealHeadersService } from './seal-headers.service.js';

/** How often a worker looks for endpoints with something to send. */
const LOOK_MS = 300;
/** The same while there is no endpoint at all. */
const IDLE_LOOK_MS = 1000;
/** Endpoints that one worker sends to at a time; each waits for its own answers only. */
const MOST_ENDPOINTS = 100;
/** How long requests that failed for good can be looked at and sent again. */
const FAILED_DAYS = 30;

/** Finds endpoints with something to send, and sends to each by itself, so that a slow one delays no other. */
@Injectable()
export class WebhookLoop {
  private readonly running = new Set<Promise<void>>();
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly sender: EndpointSender,
    private readonly work: WebhookWorkRepository,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly horizon: LogHorizon,
    private readonly keys: WebhookKeys,
    private readonly headers: SealHeadersService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<GatewayConfig, 'leaseMs' | 'webhooks'>,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Nothing happens without a master key: nothing could be signed. */
  start(): void {
    if (this.keys.configured) this.looking = this.lookOn();
  }

  /** Resolves when no request is under way any more. Call it after the stop signal was given. */
  async stop(): Promise<void> {
    await this.looking;
    await Promise.all(this.running);
  }

  /** Deletes requests that ended long enough ago, and those about messages that were erased; seals headers. */
  async clean(): Promise<void> {
    const now = this.clock.now().getTime();
    const deliveredBefore = new Date(now - this.config.webhooks.logMs);
    const failedBefore = new Date(Math.min(now - FAILED_DAYS * 86_400_000, deliveredBefore.getTime()));
    while ((await this.deliveries.deleteOld(deliveredBefore, failedBefore)) > 0 && !this.stopping.aborted);
    await this.deliveries.deleteErased();
    await this.headers.sweep();
  }

  private async lookOn(): Promise<void> {
    while (!this.stopping.aborted) {
      const isIdle = await this.look().catch((error: unknown) => {
        this.log.error({ err: error }, 'webhooks were not looked for');
        return false;
      });
      await pause(isIdle ? IDLE_LOOK_MS : LOOK_MS, this.stopping);
    }
  }

  /** @returns whether there is no endpoint to send to. */
  private async look(): Promise<boolean> {
    const room = MOST_ENDPOINTS - this.running.size;
    if (room <= 0) return false;
    if (!(await this.work.hasEndpoints())) return true;
    const { horizon } = await this.horizon.look();
    for (const endpoint of await this.work.claim(horizon, room, leaseOf(this.config))) this.begin(endpoint);
    return false;
  }

  private begin(endpoint: ClaimedEndpoint): void {
    const run = this.sender
      .run(endpoint)
      .catch((error: unknown) => this.log.error({ err: error, endpoint: endpoint.id }, 'an endpoint was not served'))
      .finally(() => this.running.delete(run));
    this.running.add(run);
  }
}
