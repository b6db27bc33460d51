import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '../faults/fault.js';
import { faultAfter, faultBefore } from '../faults/fault-gate.js';
import type { Provider } from '../state/accepted-request.js';
import type { Simulator } from '../state/simulator.js';
import { exchangeOf } from './exchange.js';
import type { VendorVoice } from './vendor-voice.js';

/** A vendor look-alike as its routes see it. */
export interface VendorContext {
  readonly simulator: Simulator;
  readonly provider: Provider;
  readonly voice: VendorVoice;
  /** Sender of the mail that a call is about, for faults that are limited to one sender. */
  senderOf(request: FastifyRequest): string | undefined;
}

export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** Fixed, or derived from the call (NHN lists by request id and finds by key with one operation). */
  readonly operation: Operation | ((request: FastifyRequest) => Operation);
}

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** Registers a vendor operation with the fault hooks around it. */
export function vendorRoute(app: FastifyInstance, context: VendorContext, spec: RouteSpec, handler: Handler): void {
  app.route({
    method: spec.method,
    url: spec.url,
    preHandler: async (request, reply) => {
      const exchange = exchangeOf(request);
      exchange.operation = typeof spec.operation === 'string' ? spec.operation : spec.operation(request);
      const target = { provider: context.provider, operation: exchange.operation, sender: context.senderOf(request) };
      return faultBefore({ ...context, target }, request, reply);
    },
    onSend: (request, reply, payload) => faultAfter(context, request, reply, payload),
    handler,
  });
}
