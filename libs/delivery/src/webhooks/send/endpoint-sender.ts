import { encodeId } from '@gateway/core';
import {
  AuditRepository,
  Database,
  EventRepository,
  WebhookDeliveryRepository,
  WebhookWorkRepository,
  type ClaimedEndpoint,
  type NewWebhookDelivery,
  type Queryable,
} from '@gateway/database';
import { CLOCK, CONFIG, STOPPING, type Clock, type GatewayConfig } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { endpointEvent } from '../endpoint-events.js';
import { afterRequests, afterSending, type EndpointChange, type Rules } from './outcome.js';
import { LeftByErasures } from './left-by-erasures.js';
import { RequestSender } from './request-sender.js';
import { Pace } from './pace.js';
import { leaseOf, RoundPlanner, type EndpointState, type Round } from './round.js';
import type { SentItem } from './sent-item.js';
import { WebhookMetrics } from './webhook-metrics.js';

/** Failures in a row within a round after which the rest of it is not sent. */
const ENOUGH_FAILURES = 5;

/**
 * Sends what there is for an endpoint that this worker has claimed, round after round. Requests are outside of any
 * transaction; what became of a round is written in one, with the endpoint's place in the log.
 */
@Injectable()
export class EndpointSender {
  private readonly leaseMs: number;

  constructor(
    private readonly planner: RoundPlanner,
    private readonly requests: RequestSender,
    private readonly left: LeftByErasures,
    private readonly database: Database,
    private readonly work: WebhookWorkRepository,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly events: EventRepository,
    private readonly metrics: WebhookMetrics,
    private readonly audit: AuditRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<GatewayConfig, 'leaseMs' | 'webhooks'>,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {
    this.leaseMs = leaseOf(config);
  }

  async run(endpoint: ClaimedEndpoint): Promise<void> {
    // The token decides what counts, so a renewal that fails does no harm.
    const renew = (): void => void this.work.renew(endpoint, this.leaseMs).catch(() => undefined);
    const renewing = setInterval(renew, this.leaseMs / 3);
    try {
      await this.sendRounds(endpoint);
    } finally {
      clearInterval(renewing);
    }
  }

  private async sendRounds(endpoint: ClaimedEndpoint): Promise<void> {
    const { place, planned, erasures } = endpoint;
    let state: EndpointState = { health: endpoint, place, planned, erasures };
    const pace = new Pace(endpoint.maxPerSecond);
    let lookAt: Date | undefined;
    while (!this.stopping.aborted) {
      const round = await this.planner.next(endpoint, state);
      if (round === undefined) return;
      if (round.items.length === 0) {
        state = { ...state, place: round.end, planned: round.planned.filter((end) => isBefore(round.end, end)) };
        lookAt = round.waitUntil;
        if (!round.more || !(await this.work.renew(endpoint, this.leaseMs))) break;
        continue;
      }
      const sent = await this.sendAll(endpoint, { state, round, pace });
      const after = await this.record(endpoint, { state, round, sent });
      if (after === undefined) return;
      state = after.state;
      if (after.ended) break;
    }
    await this.work.release(endpoint, state, lookAt);
  }

  /** Some at a time, each begun in its turn; ends early when the endpoint turns out to be down. */
  private async sendAll(
    endpoint: ClaimedEndpoint,
    { state, round, pace }: { readonly state: EndpointState; readonly round: Round; readonly pace: Pace },
  ): Promise<readonly SentItem[]> {
    const done: SentItem[] = [];
    const waiting = [...round.items];
    let failures = state.health.failures;
    const isOver = (): boolean => this.stopping.aborted || failures >= ENOUGH_FAILURES;
    const begin = async (): Promise<void> => {
      // The first one is always sent: it may be a probe.
      while (waiting.length > 0 && (waiting.length === round.items.length || !isOver())) {
        const item = waiting.shift();
        if (item === undefined) return;
        await pace.turn();
        const { parcel, replay } = item.pending;
        const sent = await this.requests.send(endpoint, { webhookId: parcel.webhookId, body: parcel.body, replay });
        failures = sent.delivered ? 0 : failures + 1;
        this.metrics.sent(sent);
        done.push({ item, sent });
      }
    };
    await Promise.all(Array.from({ length: endpoint.ordered ? 1 : state.health.inFlight }, begin));
    return done;
  }

  /** @returns nothing when another worker has the endpoint now: it sends the same requests again */
  private async record(
    endpoint: ClaimedEndpoint,
    {
      state,
      round,
      sent,
    }: { readonly state: EndpointState; readonly round: Round; readonly sent: readonly SentItem[] },
  ): Promise<{ readonly state: EndpointState; readonly ended: boolean } | undefined> {
    const rules: Rules = { now: this.clock.now(), retryMs: this.config.webhooks.retryMs, random: Math.random };
    const requests = sent.map((one) => one.sent);
    const change = afterRequests({ ...state.health, maxInFlight: endpoint.maxInFlight }, requests, rules);
    const place = placeAfter(state, round, sent);
    const { health, pauseReason } = change;
    const planned = round.planned.filter((end) => isBefore(place, end));
    return this.database.repeatable(async (tx) => {
      const advanced = await this.work.advance(tx, endpoint, { ...health, place, planned, pauseReason }, this.leaseMs);
      if (advanced === undefined) return undefined;
      const { erasures } = advanced;
      const written = erasures === state.erasures ? sent : await this.left.of(tx, endpoint, state.place, sent);
      await this.write(tx, written, rules);
      await this.tell(tx, endpoint, change);
      const ended = advanced.pausedAt !== null || health.probeAt !== null;
      return { state: { health, place, planned, erasures }, ended };
    });
  }

  private async write(tx: Queryable, sent: readonly SentItem[], rules: Rules): Promise<void> {
    const added: NewWebhookDelivery[] = [];
    for (const { item, sent: result } of sent) {
      const rows = afterSending(item.pending, result, rules, item.counts);
      const [row] = rows;
      if (item.end === undefined && rows.length === 1) {
        await this.deliveries.update(tx, row);
        continue;
      }
      // Its halves take the place of a request.
      if (item.end === undefined) await this.deliveries.remove(tx, item.pending.id);
      for (const each of rows) added.push(each);
    }
    await this.deliveries.insert(tx, added);
  }

  private async tell(tx: Queryable, endpoint: ClaimedEndpoint, change: EndpointChange): Promise<void> {
    const { health, pauseReason, turns } = change;
    const data = { reason: pauseReason ?? undefined, error: health.lastError ?? undefined };
    await this.events.insert(
      tx,
      turns.map((turn) => endpointEvent(`webhook_endpoint.${turn}`, endpoint, turn === 'recovered' ? {} : data)),
    );
    if (pauseReason !== null) {
      const target = encodeId('webhookEndpoint', endpoint.id);
      this.audit.record(tx, { action: 'webhook_endpoint.pause', target, after: { reason: pauseReason } });
    }
    if (turns.includes('recovered')) await this.deliveries.hasten(tx, endpoint.id);
  }
}

/** Requests are begun in order, so those that were sent are the first ones of the round. */
function placeAfter(state: EndpointState, round: Round, sent: readonly SentItem[]): EndpointState['place'] {
  if (sent.length === round.items.length) return round.end;
  const ends = sent.flatMap(({ item }) => item.end ?? []);
  return ends.reduce((latest, end) => (isBefore(latest, end) ? end : latest), state.place);
}

const isBefore = (a: EndpointState['place'], b: EndpointState['place']): boolean =>
  a.position < b.position || (a.position === b.position && a.told < b.told);
