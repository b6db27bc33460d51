import { GatewayProblem } from '@gateway/core';
import type { IdempotentRequest } from '@gateway/delivery';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FirstAnswer } from '@gateway/delivery';
import { requestHashOf } from './bodies/body-parsers.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The caller's Idempotency-Key, if there is one. @throws GatewayProblem `idempotency_key_invalid` */
export function idempotencyOf(request: FastifyRequest): IdempotentRequest | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new GatewayProblem('idempotency_key_invalid', 'An Idempotency-Key has 1 to 255 visible ASCII characters.');
  }
  return { key, requestHash: () => requestHashOf(request) };
}

/** Sends an answer that was made, now or earlier, for a request with an Idempotency-Key. */
export function sendAnswer(reply: FastifyReply, answer: FirstAnswer): void {
  void reply
    .code(answer.status)
    .headers(answer.headers)
    .header('content-type', 'application/json; charset=utf-8')
    .serializer((body: unknown) => String(body));
  if (answer.replayed) void reply.header('idempotent-replayed', 'true');
  void reply.send(answer.body);
}
