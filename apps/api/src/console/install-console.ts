import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { GatewayProblem } from '@gateway/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BuiltConsole, consoleFolder } from './built-console.js';

/** Vite has written it wherever a nonce belongs (apps/console/vite.config.ts). */
const NONCE = /__CSP_NONCE__/g;
const NONCE_BYTES = 16;
const SCRIPTS_AND_STYLES = /\.[a-z0-9]{2,5}$/i;

/**
 * The console at `/dashboard`: static files, open to everybody who reaches the port, because everything that they show is
 * asked of `/v1`. Every other address below is an address of the console itself, and gets its page.
 */
export async function installConsole(fastify: FastifyInstance, folder = consoleFolder()): Promise<void> {
  const built = new BuiltConsole(folder);
  await fastify.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/dashboard/assets/',
    decorateReply: false,
    index: false,
    // The names of these files change with their content.
    immutable: true,
    maxAge: '365d',
    // The folder may be built after the start.
    suppressWarning: true,
  });
  const page = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { '*': path = '' } = request.params as { readonly '*'?: string };
    if (SCRIPTS_AND_STYLES.test(path) && !path.includes('@')) {
      throw new GatewayProblem('not_found', 'The console has no file of this name.');
    }
    return sendPage(reply, built.page());
  };
  fastify.get('/dashboard', page);
  fastify.get('/dashboard/*', page);
}

function sendPage(reply: FastifyReply, html: string | undefined): FastifyReply {
  const page = reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8');
  if (html === undefined) return page.code(503).header('retry-after', '5').send(NOT_BUILT);
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  return page.header('content-security-policy', policy(nonce)).send(html.replace(NONCE, nonce));
}

/**
 * Only files of this origin, and no script in the page. The theme's variables and the scroll lock are style elements that
 * the page makes itself; they carry the nonce, so `'unsafe-inline'` is not needed.
 */
const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Email gateway: console</title>
  <h1>The console is not built</h1>
  <p>Run <code>npm run build</code> (<code>npm start</code> does so by itself), then load this page again.</p>
  <p lang="ko">콘솔이 아직 빌드되지 않았습니다. <code>npm run build</code>를 실행한 뒤 이 페이지를 다시 여십시오.</p>
</html>
`;
