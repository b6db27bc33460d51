import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JSON_BODY_LIMIT } from '../http/body-parsers.js';
import { SMALL_BODY_BYTES, type Share } from './body-budget.js';
import type { Door } from './door.js';
import { paced } from './pace.js';

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
/** What makes less work, or none that lasts. */
const RELIEVES = /\/(?:cancel|pause|resume|preview)$/;
const CREATES_MAIL: ReadonlySet<string> = new Set(['/v1/messages', '/v1/messages/batch', '/v1/messages/:id/redrive']);
/** Bodies that are read as they come. */
const STREAMED = /^\s*(?:application\/x-ndjson|text\/csv|multipart\/form-data)\b/i;

/** What a request holds until it is answered. */
interface Held {
  readonly share?: Share;
  body?: Readable;
  readonly release: () => void;
}

/** Asks the door for every request, reads long bodies at its pace, and gives back what a request held. */
export function installDoor(fastify: FastifyInstance, door: Door): void {
  const held = new WeakMap<FastifyRequest, Held>();
  fastify.addHook('onRequest', async (request) => {
    // The route's pattern: a path can be written in many ways.
    const route = request.routeOptions.url ?? '';
    if (WRITES.has(request.method) && route.startsWith('/v1/') && !RELIEVES.test(route)) {
      await door.admitWrite(request.method === 'POST' && CREATES_MAIL.has(route));
    }
    const holds = await admit(request, door);
    if (holds !== undefined) held.set(request, holds);
  });
  fastify.addHook('preParsing', async (request, _reply, payload) => {
    const holds = held.get(request);
    if (holds === undefined || !isLong(request)) return payload;
    holds.body = bodyOf(payload, holds.share, door, lengthOf(request));
    return holds.body;
  });
  // Before the answer goes out: whoever reads it slowly holds nothing.
  fastify.addHook('onSend', async (request) => {
    const holds = held.get(request);
    held.delete(request);
    holds?.release();
    // Nobody reads on.
    holds?.body?.destroy();
  });
}

async function admit(request: FastifyRequest, door: Door): Promise<Held | undefined> {
  const length = lengthOf(request) ?? 0;
  if (!hasBody(request)) return undefined;
  if (isStreamed(request)) return { release: await door.admitUpload() };
  // Too large: it is not read at all.
  if (length > JSON_BODY_LIMIT) return undefined;
  const share = door.admitBody(length);
  return { share, release: () => share.release() };
}

function bodyOf(payload: Readable, share: Share | undefined, door: Door, length: number | undefined): Readable {
  const pieces = whileRoom(paced(piecesOf(payload), door.limits), door);
  const counted = share !== undefined && length === undefined;
  const body = Readable.from(counted ? growing(pieces, (bytes) => door.growBody(share, bytes)) : pieces, {
    objectMode: false,
  });
  // Who reads the body is told what is wrong with it; nobody may be reading it any more.
  return body.on('error', () => undefined);
}

/** What is given up half-way is dropped to its end: the next request of the connection stands behind it. */
async function* piecesOf(payload: Readable): AsyncGenerator<Buffer> {
  try {
    yield* payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    payload.resume();
  }
}

/** A million recipients take a gigabyte: room that was there for the first ones may be gone before the last. */
async function* whileRoom(body: AsyncIterable<Buffer>, door: Door): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    await door.admitMore();
    yield chunk;
  }
}

async function* growing(body: AsyncIterable<Buffer>, grow: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    grow(chunk.length);
    yield chunk;
  }
}

/** Of a request's body, in bytes; `undefined`: it says when it is over. */
const lengthOf = ({ headers }: FastifyRequest): number | undefined =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;

const hasBody = (request: FastifyRequest): boolean => lengthOf(request) !== 0;

const isStreamed = ({ headers }: FastifyRequest): boolean => STREAMED.test(headers['content-type'] ?? '');

/** Is it more than comes in one or two pieces, or read while it comes? */
const isLong = (request: FastifyRequest): boolean =>
  isStreamed(request) || (lengthOf(request) ?? Infinity) > SMALL_BODY_BYTES;
