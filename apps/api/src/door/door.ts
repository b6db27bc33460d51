import type { Busy, DiskGuard, DoorLimits, Metrics } from '@gateway/platform';
import type { Backlog } from './backlog.js';
import { BodyBudget, SMALL_BODY_BYTES, type Share } from './body-budget.js';
import { Refusals } from './refusals.js';
import { Turns, type Work } from './turns.js';
import { UploadSlots } from './upload-slots.js';
import { callerGone } from './visit.js';

/** How long an upload waits for another to end: a few files at once are no reason to turn one away. */
const UPLOAD_PATIENCE_MS = 5000;
/** How long a request waits for its turn. A pool of connections is waited for as long. */
const TURN_PATIENCE_MS = 10_000;
/** Requests that are worked on at once, uploads included. Each takes about one connection to the database. */
const TURNS = 16;
/** More of them for login codes. The remaining connections are for keys, groups of single mails and health. */
const URGENT_TURNS = 4;
/** However many uploads there are. */
const LEAST_TURNS = 4;
/** Most for one client, so that others find some free. */
const CLIENT_TURNS = 8;
/**
 * Single mails share transactions, so many of them take few connections. This bounds how many a login code finds before
 * it in the event loop and in the groups, which are served in order.
 */
const LIGHT = { turns: 48, urgent: 16, perClient: 40 };

/**
 * Decides whether a request is taken, before its body is read, and when it is worked on. Accepted requests continue; a
 * rejected one gets `503` (the gateway has no room) or `429` (this client uses its whole share) and when to retry.
 */
export class Door {
  private readonly bodies: BodyBudget;
  private readonly uploads: UploadSlots;
  private readonly turns: Turns;
  private readonly light: Turns;
  private readonly refusals: Refusals;
  private readonly inFlight = new Map<string, number>();

  constructor(
    private readonly parts: {
      readonly disk: Pick<DiskGuard, 'isFull'>;
      readonly backlog: Pick<Backlog, 'isFull'>;
      readonly limits: DoorLimits;
      readonly metrics: Metrics;
    },
  ) {
    const { limits, metrics } = parts;
    this.refusals = new Refusals(metrics);
    this.bodies = new BodyBudget(limits.maxBodyBytes, limits.maxClientBodyBytes);
    this.uploads = new UploadSlots({
      max: limits.maxUploads,
      maxOfClient: limits.maxClientUploads,
      patienceMs: UPLOAD_PATIENCE_MS,
    });
    this.turns = new Turns({
      ordinary: () => Math.max(LEAST_TURNS, TURNS - this.uploads.count),
      reserve: URGENT_TURNS,
      perClient: CLIENT_TURNS,
      patienceMs: TURN_PATIENCE_MS,
    });
    this.light = new Turns({
      ordinary: () => LIGHT.turns,
      reserve: LIGHT.urgent,
      perClient: LIGHT.perClient,
      patienceMs: TURN_PATIENCE_MS,
    });
    this.registerGauges(metrics);
  }

  get limits(): DoorLimits {
    return this.parts.limits;
  }

  /** For every request of a client. @returns what ends it. @throws GatewayProblem `rate_limited` */
  enter(client: string): () => void {
    const count = this.inFlight.get(client) ?? 0;
    if (count >= this.limits.maxClientRequests) throw this.refusals.limitedClient('requests');
    this.inFlight.set(client, count + 1);
    return () => {
      const left = (this.inFlight.get(client) ?? 1) - 1;
      if (left === 0) this.inFlight.delete(client);
      else this.inFlight.set(client, left);
    };
  }

  /** For what writes. @throws GatewayProblem `overloaded` */
  async admitWrite(createsMail: boolean): Promise<void> {
    if (await this.parts.disk.isFull()) throw this.refusals.overloaded('disk');
    if (createsMail && (await this.parts.backlog.isFull())) throw this.refusals.overloaded('backlog');
  }

  /** For what goes on coming. @throws GatewayProblem `overloaded` */
  async admitMore(): Promise<void> {
    if (await this.parts.disk.isFull()) throw this.refusals.overloaded('disk');
  }

  /** For a body that is kept in memory. Nothing is reserved before bytes come in. */
  admitBody(client: string, announcedBytes: number): Share {
    return this.bodies.open(client, announcedBytes > SMALL_BODY_BYTES);
  }

  /** Bytes of a body came in. @throws GatewayProblem `rate_limited`, `overloaded` */
  growBody(share: Share, bytes: number): void {
    const missing = share.grow(bytes);
    if (missing !== undefined) throw this.refusals.of(missing, 'memory');
  }

  /** For a body that is read as a stream. @returns what ends it. @throws GatewayProblem `rate_limited`, `overloaded` */
  async admitUpload(client: string, signal?: AbortSignal): Promise<() => void> {
    const slot = await this.uploads.take(client, signal);
    if (typeof slot === 'string' && signal?.aborted === true) throw callerGone();
    if (typeof slot === 'string') throw this.refusals.of(slot, 'uploads');
    return slot;
  }

  /** Before the work that a request makes. @returns what ends it. @throws GatewayProblem `rate_limited`, `overloaded` */
  async takeTurn(work: Work & { readonly isLight: boolean }, signal?: AbortSignal): Promise<() => void> {
    const turn = await (work.isLight ? this.light : this.turns).take(work, signal);
    if (typeof turn === 'string' && signal?.aborted === true) throw callerGone();
    if (typeof turn === 'string') throw this.refusals.of(turn, 'work');
    return turn;
  }

  /** As a health check. Other apis with the same backlog are no better, so this one stays ready. */
  readonly check = async (): Promise<void | Busy> => {
    if (await this.parts.backlog.isFull()) return { busy: 'backlog' };
    if (this.bodies.isFull) return { busy: 'memory' };
    return undefined;
  };

  private registerGauges(metrics: Metrics): void {
    const bytes = metrics.gauge('gateway_body_bytes', 'Bytes of request bodies in memory');
    const most = metrics.gauge('gateway_body_limit_bytes', 'Most bytes of request bodies in memory');
    const uploads = metrics.gauge('gateway_uploads', 'Bodies that are read as streams');
    const requests = metrics.gauge('gateway_requests_in_progress', 'Authenticated requests in progress');
    const turns = metrics.gauge('gateway_turns', 'Turns of requests that are worked on');
    metrics.beforeScrape(async () => {
      bytes.set(this.bodies.bytes);
      most.set(this.limits.maxBodyBytes);
      uploads.set(this.uploads.count);
      requests.set([...this.inFlight.values()].reduce((sum, count) => sum + count, 0));
      turns.set(this.turns.count + this.light.count);
    });
  }
}
