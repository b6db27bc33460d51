import type { FastifyInstance } from 'fastify';
import { exchangeOf } from './exchange.js';

/** The body is not JSON; each vendor has its own answer to that. */
export class MalformedJsonError extends Error {}

/** Takes any body unread: an unknown path is answered as such, for any body. */
export function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));
}

/** Parses JSON bodies and keeps their bytes; every other media type is refused by Fastify with 415. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
    exchangeOf(request).rawBody = bytes;
    // Vendors' samples send Content-Type with GET and DELETE too, so an empty body is no error here.
    if (bytes.length === 0) return done(null, undefined);
    try {
      done(null, JSON.parse(bytes.toString('utf8')));
    } catch (error) {
      done(new MalformedJsonError(String(error)));
    }
  });
}
