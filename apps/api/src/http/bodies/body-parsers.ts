import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GatewayProblem } from '@gateway/core';
import { requestPath } from '@gateway/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requireUtf8 } from './encodings.js';
import { readJson, type JsonRules } from '../json/read-json.js';
import { rulesFor, type RouteRules } from '../route-rules.js';

/** For calls that take lists of thousands. */
export const JSON_BODY_LIMIT = 64 * 1024 * 1024;
/** For calls that take texts of mails: half a megabyte each, escaped. */
export const TEXTS_BODY_LIMIT = 4 * 1024 * 1024;
/** For all other calls. */
const DEFAULT_JSON_LIMIT = 1024 * 1024;

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

/** Over the path as the router reads it: two spellings of one target are one request. */
function hashOf(request: FastifyRequest): Hash {
  const { method, url } = request;
  const query = url.indexOf('?');
  const target = query < 0 ? requestPath(url) : requestPath(url) + url.slice(query);
  return createHash('sha256').update(`${method} ${target}\n`);
}

/** Reads JSON bodies, and streams of recipients where they belong; any other media type is 415. */
export function installBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = (route.config as RouteRules | undefined)?.maxJsonBytes ?? DEFAULT_JSON_LIMIT;
  });
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: JSON_BODY_LIMIT },
    async (request: FastifyRequest, body: Buffer) => {
      if (rulesFor(request).inbound === true) return textOf(request, body);
      if (request.headers['idempotency-key'] !== undefined) {
        const hash = hashOf(request).update(body).digest();
        hashes.set(request, () => Promise.resolve(hash));
      }
      return parseJson(request, body);
    },
  );
}

/** The bytes of a body that is handed on as it came, because it is signed. @throws GatewayProblem `malformed_json` */
function textOf(request: FastifyRequest, body: Buffer): Buffer {
  requireUtf8(request.headers['content-type']);
  if (!isUtf8(body)) throw new GatewayProblem('malformed_json', 'The body is not UTF-8.');
  return body;
}

async function parseJson(request: FastifyRequest, body: Buffer): Promise<unknown> {
  requireUtf8(request.headers['content-type']);
  // Many clients name a media type even where they send nothing; who needs a body asks for it.
  if (body.length === 0) return undefined;
  return readJson(body, RULES[request.routeOptions.url ?? '']);
}

/** @throws GatewayProblem `malformed_json` */
export function requireBody(body: unknown): unknown {
  if (body !== undefined) return body;
  throw new GatewayProblem('malformed_json', 'The body is empty; this call takes JSON.');
}

/** Calls whose bodies hold lists of a kind of their own. */
const RULES: Readonly<Record<string, JsonRules | undefined>> = {
  '/v1/messages': { takesLargeMessage: true },
  '/v1/messages/batch': { entries: ['messages'] },
  '/v1/templates/import': { entries: ['categories', 'templates'] },
};

/** Bodies that are read as they come. */
const STREAMED = /^\s*(application\/x-ndjson|text\/csv|multipart\/form-data)\b/i;

const streamTypeOf = ({ headers }: FastifyRequest): string | undefined =>
  STREAMED.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase();

export const isStreamed = (request: FastifyRequest): boolean => streamTypeOf(request) !== undefined;

/** Before anything is reserved for the stream. @throws GatewayProblem `unsupported_media_type` */
export function requireStreamTaken(request: FastifyRequest): void {
  const type = streamTypeOf(request) ?? '';
  if (rulesFor(request).streamTypes?.includes(type)) return;
  throw new GatewayProblem('unsupported_media_type', `This call takes no ${type}.`);
}

/** Largest JSON body of the matched route, in bytes. */
export const jsonLimitOf = (request: FastifyRequest): number => rulesFor(request).maxJsonBytes ?? DEFAULT_JSON_LIMIT;

/** Hands a streamed body on as it comes, counted, and hashed if there is an Idempotency-Key. */
export function installStreamParser(fastify: FastifyInstance): void {
  for (const type of [NDJSON, CSV]) {
    fastify.addContentTypeParser(type, { bodyLimit: NDJSON_BODY_LIMIT }, (request, payload, done) => {
      requireStreamTaken(request);
      try {
        requireUtf8(request.headers['content-type']);
      } catch (error) {
        return done(error as Error, undefined);
      }
      return done(null, streamed(request, payload));
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
  // An aborted body stays readable to HTTP, or the answer could not be sent.
  for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > NDJSON_BODY_LIMIT) throw new GatewayProblem('body_too_large', 'A stream has at most 2 GiB.');
    hash?.update(chunk);
    yield chunk;
  }
}
