import type { FastifyRequest } from 'fastify';
import { exchangeOf } from '../http/exchange.js';
import type { Acceptance, AcceptedRequest } from './accepted-request.js';
import type { Simulator } from './simulator.js';
import { StoredBody } from './stored-body.js';

const USUAL_LAG_MS = 5_000;

/** A valid request, as a send operation has read it. */
export type Verified = Pick<
  Acceptance,
  'provider' | 'scope' | 'operation' | 'content' | 'recipients' | 'mailSize' | 'reservedAt'
> & {
  readonly acceptedAt: number;
  /** It waits for a release that never happens. */
  readonly held?: boolean;
};

/** Records a valid request; from here on it counts as sent, whatever a fault does to the answer. */
export function acceptRequest(simulator: Simulator, request: FastifyRequest, verified: Verified): AcceptedRequest {
  const exchange = exchangeOf(request);
  exchange.accepted = true;
  const { acceptedAt, held, ...rest } = verified;
  const lagMs = exchange.fault?.lagMs ?? (exchange.fault?.kind === 'lag' ? USUAL_LAG_MS : 0);
  const startAt = held ? Number.MAX_SAFE_INTEGER : Math.max(acceptedAt, verified.reservedAt ?? 0);
  return simulator.requests.add(
    {
      ...rest,
      course: { acceptedAt, startAt, timings: simulator.settings.timings },
      requesterIp: request.ip,
      headers: request.headers,
      body: new StoredBody(simulator.settings.keepBodies ? exchange.rawBody : Buffer.alloc(0)),
    },
    acceptedAt + lagMs,
  );
}
