import type { Readable } from 'node:stream';
import { GatewayProblem } from '@gateway/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isStreamed, jsonLimitOf, requireStreamTaken } from '../http/bodies/body-parsers.js';
import { sendContinue } from '../http/connections.js';
import { SMALL_BODY_BYTES } from './body-budget.js';
import type { Door } from './door.js';
import { readBody } from './read-body.js';
import { Visit } from './visit.js';
import { LARGE_WEIGHT, workOf } from './work-of.js';

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
/** Bodies of other methods are not read. */
const WITH_BODY: ReadonlySet<string> = new Set([...WRITES, 'DELETE', 'OPTIONS', 'QUERY']);
/** Calls that reduce the work, or add none that lasts. */
const RELIEVES = /\/(?:cancel|pause|resume|preview)$/;
const CREATES_MAIL: ReadonlySet<string> = new Set(['/v1/messages', '/v1/messages/batch', '/v1/messages/:id/redrive']);

/**
 * Asks the door for every authenticated request, reads bodies at its pace, and gives back what a request held when it
 * ends. Requests without a client reserve nothing; no call reads a body of theirs.
 */
export function installDoor(
  fastify: FastifyInstance,
  door: Door,
  clientOf: (request: FastifyRequest) => string | undefined,
  expectStillAllowed: (request: FastifyRequest) => Promise<void> = () => Promise.resolve(),
): void {
  fastify.addHook('onRequest', async (request) => {
    const client = clientOf(request);
    if (client === undefined) return;
    Visit.begin(request, client).hold(door.enter(client));
    // The route's pattern: a path can be written in many ways.
    const route = request.routeOptions.url ?? '';
    if (WRITES.has(request.method) && !RELIEVES.test(route)) {
      await door.admitWrite(request.method === 'POST' && CREATES_MAIL.has(route));
    }
  });
  fastify.addHook('preParsing', async (request, reply, payload) => {
    const visit = Visit.of(request);
    if (visit === undefined || !hasBody(request)) return payload;
    return admitBody(door, visit, { request, reply, payload, atEnd: () => expectStillAllowed(request) });
  });
  fastify.addHook('preHandler', async (request) => {
    const visit = Visit.of(request);
    if (visit === undefined) return;
    if (!visit.hasTurn) await visit.takeTurn(door.takeTurn(workOf(request, visit.client), visit.gone.signal));
    visit.expectCaller();
    visit.work();
  });
  // Before the answer is sent: a client that reads it slowly holds nothing.
  fastify.addHook('onSend', async (request) => {
    const visit = Visit.of(request);
    visit?.end();
    // The body is not read any further.
    visit?.body?.destroy();
  });
}

interface Coming {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly payload: Readable;
  /** After a stream, which may have taken hours, and before it counts. */
  readonly atEnd: () => Promise<void>;
}

async function admitBody(door: Door, visit: Visit, coming: Coming): Promise<Readable> {
  const { request } = coming;
  if (isStreamed(request)) return admitStream(door, visit, coming);
  if ((lengthOf(request) ?? 0) > jsonLimitOf(request)) {
    throw new GatewayProblem('body_too_large', `This call takes at most ${jsonLimitOf(request)} bytes of JSON.`);
  }
  return admitJson(door, visit, coming);
}

async function admitStream(door: Door, visit: Visit, { request, reply, payload, atEnd }: Coming): Promise<Readable> {
  requireStreamTaken(request);
  // A slot is as good as a turn.
  await visit.takeTurn(door.admitUpload(visit.client, visit.gone.signal));
  visit.expectCaller();
  sendContinue(request, reply);
  visit.body = readBody(payload, door, { atEnd });
  return visit.body;
}

function admitJson(door: Door, visit: Visit, { request, reply, payload }: Coming): Readable {
  visit.expectCaller();
  const { client, gone } = visit;
  const length = lengthOf(request);
  const share = door.admitBody(client, length ?? 0);
  visit.hold(() => share.release());
  if (request.raw.complete) {
    // Most bodies came in with their heads.
    door.growBody(share, request.raw.readableLength);
    return payload;
  }
  sendContinue(request, reply);
  const isSmall = length !== undefined && length <= SMALL_BODY_BYTES;
  // Parsing a large body is work, too.
  const work = { client, urgency: 'ordinary' as const, weight: LARGE_WEIGHT, isLight: false };
  const atEnd = (): Promise<void> => visit.takeTurn(door.takeTurn(work, gone.signal));
  visit.body = readBody(payload, door, { share, ...(!isSmall && { atEnd }) });
  return visit.body;
}

/** Of a request's body, in bytes; `undefined`: it says when it is over. */
const lengthOf = ({ headers }: FastifyRequest): number | undefined =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;

const hasBody = (request: FastifyRequest): boolean => WITH_BODY.has(request.method) && lengthOf(request) !== 0;
