import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';

/** A call that uses its example up: `DELETE /v1/things/:id` with the id of the example. */
export interface ConsumingCall {
  readonly clientId: string;
  readonly method: string;
  /** As Fastify names it, `/v1/things/:id`. */
  readonly route: string;
  readonly parameter: string;
  readonly example: string;
}

/**
 * Makes the example again just before a call that uses it up, so that the call works each time it is pressed. One at a
 * time: it looks first, and makes what is missing.
 */
export function renewBefore(app: NestFastifyApplication, call: ConsumingCall, renew: () => Promise<void>): void {
  const fastify = app.getHttpAdapter().getInstance();
  let last: Promise<void> = Promise.resolve();
  fastify.addHook('preHandler', async (request) => {
    if (!isMeant(request, call)) return;
    last = last.then(renew, renew);
    await last;
  });
}

function isMeant(request: FastifyRequest, call: ConsumingCall): boolean {
  if (request.method !== call.method || request.routeOptions.url !== call.route) return false;
  const parameters = request.params as Readonly<Record<string, string>>;
  return parameters[call.parameter] === call.example && ownerOf(request).clientId === call.clientId;
}
