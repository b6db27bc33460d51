import { GatewayProblem } from '@gateway/core';
import type { Metrics } from '@gateway/platform';

/** Why the gateway rejects requests of any client; shown in logs, metrics and readiness. */
type Reason = 'disk' | 'backlog' | 'memory' | 'uploads' | 'work';
/** The share that a client has used up. */
type Share = 'requests' | 'memory' | 'uploads' | 'work';

interface Words {
  readonly detail: string;
  readonly retryAfterSeconds: number;
}

const REFUSALS: Readonly<Record<Reason, Words>> = {
  disk: { detail: 'The disk of the database is nearly full; nothing new is taken.', retryAfterSeconds: 60 },
  backlog: { detail: 'Too much mail is waiting to be sent; no more is taken.', retryAfterSeconds: 30 },
  memory: { detail: 'Too many large requests are being worked on.', retryAfterSeconds: 5 },
  uploads: { detail: 'Too many uploads are in progress.', retryAfterSeconds: 5 },
  work: { detail: 'The gateway is busy with requests of all clients.', retryAfterSeconds: 2 },
};

const LIMITS: Readonly<Record<Share, Words>> = {
  requests: { detail: 'Your client has too many requests in progress. Send fewer at once.', retryAfterSeconds: 1 },
  memory: { detail: 'Your client has too many large bodies in progress. Send fewer at once.', retryAfterSeconds: 5 },
  uploads: { detail: 'Your client has too many uploads in progress. Send fewer at once.', retryAfterSeconds: 5 },
  work: { detail: 'Your client has too much work in progress. Send fewer requests at once.', retryAfterSeconds: 2 },
};

/** The two answers to what there is no room for, and how often they were given. */
export class Refusals {
  private readonly refused: (reason: Reason) => void;
  private readonly limited: (reason: Share) => void;

  constructor(metrics: Metrics) {
    const refused = metrics.counter('gateway_refused_requests_total', 'Requests rejected with 503, by reason', [
      'reason',
    ]);
    const limited = metrics.counter('gateway_limited_requests_total', 'Requests rejected with 429, by reason', [
      'reason',
    ]);
    for (const reason of Object.keys(REFUSALS)) refused.inc({ reason }, 0);
    for (const reason of Object.keys(LIMITS)) limited.inc({ reason }, 0);
    this.refused = (reason) => refused.inc({ reason });
    this.limited = (reason) => limited.inc({ reason });
  }

  /** The gateway as a whole has no room. */
  overloaded(reason: Reason): GatewayProblem {
    this.refused(reason);
    const { detail, retryAfterSeconds } = REFUSALS[reason];
    return new GatewayProblem('overloaded', detail, { retryAfterSeconds });
  }

  /** One client uses its whole share; others are served. */
  limitedClient(reason: Share): GatewayProblem {
    this.limited(reason);
    const { detail, retryAfterSeconds } = LIMITS[reason];
    return new GatewayProblem('rate_limited', detail, { retryAfterSeconds });
  }

  of(whose: 'client' | 'all', reason: Reason & Share): GatewayProblem {
    return whose === 'client' ? this.limitedClient(reason) : this.overloaded(reason);
  }
}
