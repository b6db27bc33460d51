import type { FastifyRequest } from 'fastify';
import type { Fault, Operation } from '../faults/fault.js';

/** State of one call while the simulator answers it. */
export interface Exchange {
  operation: Operation;
  rawBody: Buffer;
  fault: Fault | undefined;
  faultShown: boolean;
  /** A send request was recorded. */
  accepted: boolean;
}

const exchanges = new WeakMap<FastifyRequest, Exchange>();

/** The exchange of a call; made at the first look. A WeakMap keeps Fastify's types of other apps untouched. */
export function exchangeOf(request: FastifyRequest): Exchange {
  const known = exchanges.get(request);
  if (known) return known;
  const exchange: Exchange = {
    operation: 'other',
    rawBody: Buffer.alloc(0),
    fault: undefined,
    faultShown: false,
    accepted: false,
  };
  exchanges.set(request, exchange);
  return exchange;
}
