import { GatewayProblem } from '@gateway/core';
import type { FastifyInstance } from 'fastify';

const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]*))/gi;
/** ASCII is a part of UTF-8. */
const READABLE: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);
const IDENTITY = /^\s*(?:identity\s*)?$/i;
const LONGEST_SHOWN = 40;

/** @throws GatewayProblem `malformed_json` for a body in another character set than UTF-8 */
export function requireUtf8(contentType: string | undefined): void {
  for (const [, quoted, plain = ''] of (contentType ?? '').matchAll(CHARSET)) {
    const charset = quoted ?? plain;
    if (READABLE.has(charset.trim().toLowerCase())) continue;
    const shown = charset.slice(0, LONGEST_SHOWN);
    throw new GatewayProblem('malformed_json', `A body must be in UTF-8; Content-Type says charset "${shown}".`);
  }
}

/** Refuses compressed bodies before they are read, instead of taking their bytes for text. */
export function installEncodings(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || IDENTITY.test(encoding)) return;
    // The body of these is not read at all.
    if (request.method === 'GET' || request.method === 'HEAD') return;
    const shown = encoding.slice(0, LONGEST_SHOWN);
    throw new GatewayProblem(
      'unsupported_media_type',
      `Content-Encoding "${shown}" is not taken; send the body as it is.`,
      {
        headers: { 'accept-encoding': 'identity' },
      },
    );
  });
}
