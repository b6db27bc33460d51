import { GatewayProblem } from '@gateway/core';
import type { Busy, DiskGuard, DoorLimits, Metrics } from '@gateway/platform';
import type { Backlog } from './backlog.js';
import { BodyBudget, type Share } from './body-budget.js';
import { UploadSlots } from './upload-slots.js';

/** Why somebody is turned away, in logs, metrics and readiness. */
type Reason = 'disk' | 'backlog' | 'memory' | 'uploads';

const REFUSALS: Readonly<Record<Reason, { readonly detail: string; readonly retryAfterSeconds: number }>> = {
  disk: { detail: 'The disk of the database is nearly full; nothing new is taken.', retryAfterSeconds: 60 },
  backlog: { detail: 'Too much mail is waiting to be sent; no more is taken.', retryAfterSeconds: 30 },
  memory: { detail: 'Too many large requests are being worked on.', retryAfterSeconds: 5 },
  uploads: { detail: 'Too many uploads are going on.', retryAfterSeconds: 5 },
};

/** How long an upload waits for another to end: a few files at once are no reason to turn one away. */
const UPLOAD_PATIENCE_MS = 5000;

/**
 * Decides whether a request is taken, before its body is read. What was accepted goes on; who is turned away gets `503`
 * and when to come again.
 */
export class Door {
  private readonly bodies: BodyBudget;
  private readonly uploads: UploadSlots;
  private readonly refused: (reason: Reason) => void;

  constructor(
    private readonly parts: {
      readonly disk: Pick<DiskGuard, 'isFull'>;
      readonly backlog: Pick<Backlog, 'isFull'>;
      readonly limits: DoorLimits;
      readonly metrics: Metrics;
    },
  ) {
    const { limits, metrics } = parts;
    this.bodies = new BodyBudget(limits.maxBodyBytes);
    this.uploads = new UploadSlots(limits.maxUploads, UPLOAD_PATIENCE_MS);
    const counter = metrics.counter('gateway_refused_requests_total', 'Requests turned away, by why', ['reason']);
    for (const reason of Object.keys(REFUSALS)) counter.inc({ reason }, 0);
    this.refused = (reason) => counter.inc({ reason });
    const bytes = metrics.gauge('gateway_body_bytes', 'Bytes of bodies that are in memory');
    const uploads = metrics.gauge('gateway_uploads', 'Bodies that are read as streams');
    metrics.beforeScrape(async () => {
      bytes.set(this.bodies.bytes);
      uploads.set(this.uploads.count);
    });
  }

  get limits(): DoorLimits {
    return this.parts.limits;
  }

  /** For what writes. @throws GatewayProblem `overloaded` */
  async admitWrite(createsMail: boolean): Promise<void> {
    if (await this.parts.disk.isFull()) throw this.refusal('disk');
    if (createsMail && (await this.parts.backlog.isFull())) throw this.refusal('backlog');
  }

  /** For what goes on coming. @throws GatewayProblem `overloaded` */
  async admitMore(): Promise<void> {
    if (await this.parts.disk.isFull()) throw this.refusal('disk');
  }

  /** For a body that is kept in memory; `bytes` as far as they are known. @throws GatewayProblem `overloaded` */
  admitBody(bytes: number): Share {
    const share = this.bodies.open();
    this.growBody(share, bytes);
    return share;
  }

  /** More of a body came in than was known before. @throws GatewayProblem `overloaded` */
  growBody(share: Share, bytes: number): void {
    if (!share.grow(bytes)) throw this.refusal('memory');
  }

  /** For a body that is read as a stream. @returns what ends it. @throws GatewayProblem `overloaded` */
  async admitUpload(): Promise<() => void> {
    const giveBack = await this.uploads.take();
    if (giveBack === undefined) throw this.refusal('uploads');
    return giveBack;
  }

  /** As a health check. The api is no worse than others that stand at the same queue, so it stays ready. */
  readonly check = async (): Promise<void | Busy> => {
    if (await this.parts.backlog.isFull()) return { busy: 'backlog' };
    if (this.bodies.isFull) return { busy: 'memory' };
    return undefined;
  };

  private refusal(reason: Reason): GatewayProblem {
    this.refused(reason);
    const { detail, retryAfterSeconds } = REFUSALS[reason];
    return new GatewayProblem('overloaded', detail, { retryAfterSeconds });
  }
}
