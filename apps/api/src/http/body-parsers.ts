import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GatewayProblem } from '@gateway/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export const JSON_BODY_LIMIT = 64 * 1024 * 1024;

/** Of a stream of recipients; it is never in memory as a whole. */
export const NDJSON_BODY_LIMIT = 2 * 1024 * 1024 * 1024;
export const NDJSON = 'application/x-ndjson';

const hashes = new WeakMap<FastifyRequest, () => Promise<Buffer>>();

/**
 * SHA-256 over method, path and body; there only for requests with an Idempotency-Key. Of a streamed body the rest is
 * read for it.
 */
export const requestHashOf = (request: FastifyRequest): Promise<Buffer> =>
  hashes.get(request)?.() ?? Promise.resolve(hashOf(request).digest());

const hashOf = (request: FastifyRequest): Hash => createHash('sha256').update(`${request.method} ${request.url}\n`);

/** Reads JSON bodies, and streams of recipients where they belong; any other media type is 415. */
export function installBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  // Keys that would reach a prototype are refused; "constructor" may well be the name of a variable.
  const parse = fastify.getDefaultJsonParser('error', 'ignore');
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: JSON_BODY_LIMIT },
    (request, body, done) => {
      if (request.headers['idempotency-key'] !== undefined) {
        const hash = hashOf(request).update(body).digest();
        hashes.set(request, () => Promise.resolve(hash));
      }
      const text = decodeUtf8(body);
      if (text === undefined)
        return done(new GatewayProblem('malformed_json', 'The body is not valid UTF-8.'), undefined);
      return parse(request, text, done);
    },
  );
}

const LONGEST_SILENCE_MS = 30_000;
const STREAMING_ROUTE = '/v1/messages';

/** Hands an NDJSON body on as it comes, counted, and hashed if there is an Idempotency-Key. */
export function installStreamParser(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(NDJSON, { bodyLimit: NDJSON_BODY_LIMIT }, (request, payload, done) => {
    if (request.routeOptions.url === STREAMING_ROUTE && request.method === 'POST') {
      return done(null, streamed(request, payload));
    }
    return done(new GatewayProblem('unsupported_media_type', 'Only POST /v1/messages takes a stream.'), undefined);
  });
}

function streamed(request: FastifyRequest, payload: Readable): AsyncIterable<Buffer> {
  const hash = request.headers['idempotency-key'] === undefined ? undefined : hashOf(request);
  const chunks = counted(payload, hash);
  hashes.set(request, async () => {
    for await (const _ of chunks) continue;
    return (hash ?? hashOf(request)).copy().digest();
  });
  // Behind a stream stands an open transaction: an uploader who falls silent gives it up.
  request.raw.setTimeout(LONGEST_SILENCE_MS, () => payload.destroy(new Error('the uploader fell silent')));
  return { [Symbol.asyncIterator]: () => chunks };
}

async function* counted(payload: Readable, hash: Hash | undefined): AsyncGenerator<Buffer> {
  let bytes = 0;
  // A body that is given up half-way stays readable to HTTP, or the answer could not be sent.
  for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > NDJSON_BODY_LIMIT) throw new GatewayProblem('body_too_large', 'A stream has at most 2 GiB.');
    hash?.update(chunk);
    yield chunk;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(body: Buffer): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}
