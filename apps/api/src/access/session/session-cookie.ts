import { GatewayProblem } from '@gateway/core';
import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'gateway_session';
/** Browsers accept this name only over TLS and for this host alone, so no neighbour can set it. */
const TLS_NAME = `__Host-${NAME}`;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * The token of the console's session; nothing when the request names a key of its own, which then counts alone.
 * @throws GatewayProblem when another site's page has sent the request.
 */
export function sessionToken(request: FastifyRequest): string | undefined {
  const { cookie, authorization } = request.headers;
  if (cookie === undefined || authorization !== undefined) return undefined;
  // Over TLS never the other name, with which a neighbour could have an operator act in a session of its own.
  const wanted = isTls(request) ? TLS_NAME : NAME;
  const token = cookiesOf(cookie).find(([name]) => name === wanted)?.[1];
  if (token === undefined || !TOKEN.test(token)) return undefined;
  requireSameOrigin(request);
  return token;
}

/** Lives as long as the browser; the server ends it before that. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  void reply.header('set-cookie', isTls(request) ? cookie(TLS_NAME, token, '; Secure') : cookie(NAME, token));
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.header('set-cookie', [cookie(NAME, '', '; Max-Age=0'), cookie(TLS_NAME, '', '; Secure; Max-Age=0')]);
}

const cookie = (name: string, value: string, more = ''): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${more}`;

const cookiesOf = (header: string): readonly (readonly [name: string, value: string])[] =>
  header.split(';').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim(), value.join('=').trim()];
  });

/** The proxy that ends TLS says so. A caller that lies about it gets a cookie that its own browser does not send. */
const isTls = ({ raw, headers }: FastifyRequest): boolean =>
  'encrypted' in raw.socket || /^https\b/i.test(String(headers['x-forwarded-proto'] ?? ''));

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A cookie is sent by the browser, whichever page asked. `Sec-Fetch-Site` names the page's relation to this host;
 * browsers leave it out without TLS, where `Origin` has to be this host. A request that changes something needs one.
 * @throws GatewayProblem
 */
export function requireSameOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  const { origin, host } = request.headers;
  const isSafe = SAFE.has(request.method);
  if (site !== undefined && site !== 'same-origin' && !(isSafe && site === 'none')) throw foreign();
  if (origin !== undefined && hostOf(origin) !== host) throw foreign();
  if (!isSafe && site === undefined && origin === undefined) throw foreign();
}

/** Behind a proxy the scheme that arrives here is not the browser's, so only the host is compared. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

const foreign = (): GatewayProblem =>
  new GatewayProblem(
    'forbidden',
    "The session's cookie counts only for requests of this gateway's own pages. A program sends an API key.",
  );
