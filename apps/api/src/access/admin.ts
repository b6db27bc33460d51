import { GatewayProblem } from '@gateway/core';
import type { FastifyRequest } from 'fastify';
import { bearerKey, noteOwner, wholeGateway } from './access.js';
import type { Callers } from './callers.js';
import { isGatewayAdmin } from './may.js';

const BASIC = /^Basic +([A-Za-z0-9+/=_-]{1,1024}) *$/i;

/**
 * For pages of operators: a browser asks for a name and a password, and the password is the key. The session of the
 * console counts as well, and a program sends the key as everywhere else.
 * @throws GatewayProblem when there is no good key, or one without the scope `admin`.
 */
export async function expectAdmin(request: FastifyRequest, callers: Callers): Promise<void> {
  const { authorization } = request.headers;
  const key = bearerKey(authorization) ?? basicPassword(authorization);
  const owner = await callers.identify(request, key, unauthorized);
  noteOwner(request, owner);
  if (!isGatewayAdmin(owner)) throw wholeGateway('This page');
}

function basicPassword(authorization: string | undefined): string | undefined {
  const credentials = BASIC.exec(authorization ?? '')?.[1];
  if (credentials === undefined) return undefined;
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : text.slice(colon + 1);
}

const unauthorized = (): GatewayProblem =>
  new GatewayProblem('unauthorized', 'Sign in with any name and, as the password, an API key with the scope "admin".', {
    headers: { 'www-authenticate': 'Basic realm="email gateway", charset="UTF-8"' },
  });
