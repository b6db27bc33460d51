import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GatewayProblem } from '@gateway/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readLargeBody } from './large-message.js';
import { parseStrict } from './strict-json.js';

export const JSON_BODY_LIMIT = 64 * 1024 * 1024;

/** Of a stream of recipients; it is never in memory as a whole. */
export const NDJSON_BODY_LIMIT = 2 * 1024 * 1024 * 1024;
export const NDJSON = 'application/x-ndjson';
export const CSV = 'text/csv';

const hashes = new WeakMap<FastifyRequest, () => Promise<Buffer>>();

/**
 * SHA-256 over method, path and body; there only for requests with an Idempotency-Key. Of a streamed body the rest is
 * read for it.
 */
export const requestHashOf = (request: FastifyRequest): Promise<Buffer> =>
  hashes.get(request)?.() ?? Promise.resolve(hashOf(request).digest());

/** For bodies that another parser reads. @param finish adds the body to a hash over method and path. */
export function setRequestHash(request: FastifyRequest, finish: (hash: Hash) => Promise<Buffer>): void {
  hashes.set(request, () => finish(hashOf(request)));
}

const hashOf = (request: FastifyRequest): Hash => createHash('sha256').update(`${request.method} ${request.url}\n`);

/** Reads JSON bodies, and streams of recipients where they belong; any other media type is 415. */
export function installBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: JSON_BODY_LIMIT },
    async (request: FastifyRequest, body: Buffer) => {
      if (request.headers['idempotency-key'] !== undefined) {
        const hash = hashOf(request).update(body).digest();
        hashes.set(request, () => Promise.resolve(hash));
      }
      return parseJson(request, body);
    },
  );
}

const FOREIGN_CHARSET = /charset\s*=\s*"?(?!utf-?8\b)[^\s;"]/i;

async function parseJson(request: FastifyRequest, body: Buffer): Promise<unknown> {
  if (FOREIGN_CHARSET.test(request.headers['content-type'] ?? '')) {
    throw new GatewayProblem('unsupported_media_type', 'JSON is sent in UTF-8.');
  }
  // Many clients name a media type even where they send nothing; who needs a body asks for it.
  if (body.length === 0) return undefined;
  const large = request.routeOptions.url === TAKES_LARGE_MESSAGES ? await readLargeBody(body) : undefined;
  return large ?? parseStrict(body, 'The body');
}

/** @throws GatewayProblem `malformed_json` */
export function requireBody(body: unknown): unknown {
  if (body !== undefined) return body;
  throw new GatewayProblem('malformed_json', 'The body is empty; this call takes JSON.');
}

/** The call whose body may be a `LargeMessage`. */
const TAKES_LARGE_MESSAGES = '/v1/messages';

/** Calls that take their body as a stream, and of what kind. */
const STREAMS: Readonly<Record<string, readonly string[]>> = {
  '/v1/messages': [NDJSON],
  '/v1/contacts/import': [NDJSON, CSV],
};

/** Hands a streamed body on as it comes, counted, and hashed if there is an Idempotency-Key. */
export function installStreamParser(fastify: FastifyInstance): void {
  for (const type of [NDJSON, CSV]) {
    fastify.addContentTypeParser(type, { bodyLimit: NDJSON_BODY_LIMIT }, (request, payload, done) => {
      const taken = STREAMS[request.routeOptions.url ?? '']?.includes(type) && request.method === 'POST';
      if (taken) return done(null, streamed(request, payload));
      return done(new GatewayProblem('unsupported_media_type', `This call takes no ${type}.`), undefined);
    });
  }
}

/** A streamed body comes as it arrives, a JSON body as a value. */
export const isStream = (body: unknown): body is AsyncIterable<Buffer> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

function streamed(request: FastifyRequest, payload: Readable): AsyncIterable<Buffer> {
  const hash = request.headers['idempotency-key'] === undefined ? undefined : hashOf(request);
  const chunks = counted(payload, hash);
  hashes.set(request, async () => {
    for await (const _ of chunks) continue;
    return (hash ?? hashOf(request)).copy().digest();
  });
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
