import { createHash } from 'node:crypto';
import { GatewayProblem } from '@gateway/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export const JSON_BODY_LIMIT = 64 * 1024 * 1024;

const hashes = new WeakMap<FastifyRequest, Buffer>();

/** SHA-256 over method, path and body; there only for requests with an Idempotency-Key and a JSON body. */
export const requestHashOf = (request: FastifyRequest): Buffer =>
  hashes.get(request) ?? hashOf(request, Buffer.alloc(0));

const hashOf = (request: FastifyRequest, body: Buffer): Buffer =>
  createHash('sha256').update(`${request.method} ${request.url}\n`).update(body).digest();

/** Reads JSON bodies, and nothing else: any other media type is 415. */
export function installBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  // Keys that would reach a prototype are refused; "constructor" may well be the name of a variable.
  const parse = fastify.getDefaultJsonParser('error', 'ignore');
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: JSON_BODY_LIMIT },
    (request, body, done) => {
      if (request.headers['idempotency-key'] !== undefined) hashes.set(request, hashOf(request, body));
      const text = decodeUtf8(body);
      if (text === undefined)
        return done(new GatewayProblem('malformed_json', 'The body is not valid UTF-8.'), undefined);
      return parse(request, text, done);
    },
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(body: Buffer): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}
