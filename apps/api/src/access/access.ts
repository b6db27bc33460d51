import { randomBytes } from 'node:crypto';
import { GatewayProblem, encodeId } from '@gateway/core';
import type { KeyOwner } from '@gateway/database';
import { requestPath } from '@gateway/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { rulesFor, type RouteRules } from '../http/route-rules.js';
import type { Callers } from './callers.js';
import { hasScope, isGatewayAdmin } from './may.js';
import type { KeyPace } from './pace/key-pace.js';

const BEARER = /^Bearer +([\x21-\x7e]{8,255}) *$/i;
const PROTECTED = /^\/v1(?:\/|$)/;

const owners = new WeakMap<FastifyRequest, KeyOwner>();

export const bearerKey = (authorization: string | undefined): string | undefined =>
  BEARER.exec(authorization ?? '')?.[1];

export const newKey = (): string => `gk_${randomBytes(24).toString('base64url')}`;

/** The client whose key the request carries; absent for what needs no key. */
export const clientOf = (request: FastifyRequest): string | undefined => owners.get(request)?.clientId;

/** Notes whose key a request came with. */
export const noteOwner = (request: FastifyRequest, owner: KeyOwner): void => void owners.set(request, owner);

/** The key and client of a request, for logs; nothing without a valid key. */
export function callerOf(request: FastifyRequest): { readonly keyId: string; readonly client: string } | undefined {
  const owner = owners.get(request);
  return owner && { keyId: encodeId('apiKey', owner.keyId), client: owner.clientName };
}

/** The key of this request. Only for requests below /v1. */
export function ownerOf(request: FastifyRequest): KeyOwner {
  const owner = owners.get(request);
  if (owner === undefined) throw unauthorized();
  return owner;
}

/**
 * Decides who sent a request and whether the key may do this, from the matched route and before a byte of the body is
 * read.
 */
export function installAccess(fastify: FastifyInstance, callers: Callers, pace: KeyPace): void {
  fastify.addHook('onRoute', ({ url, config }) => {
    const { scope, inbound } = (config as RouteRules | undefined) ?? {};
    if (isProtected(url) && scope === undefined && inbound !== true) {
      throw new Error(`the call ${url} names no scope`);
    }
  });
  fastify.addHook('onRequest', async (request, reply) => {
    const rules = rulesFor(request);
    const { scope, inbound } = rules;
    if (inbound === true) return;
    if (scope === undefined && !isProtected(requestPath(request.raw.url))) return;
    const owner = await callers.identify(request, bearerKey(request.headers.authorization), unauthorized);
    // Before the scope is asked for: the log line of a refusal says who was refused.
    noteOwner(request, owner);
    await pace.enter(request, reply, owner);
    if (scope !== undefined) expectScope(owner, scope, rules);
  });
}

/** Also for unknown paths below /v1: without a key, a caller does not learn which ones exist. */
const isProtected = (path: string): boolean => PROTECTED.test(path);

/** @throws GatewayProblem `forbidden`. */
export function expectScope(owner: KeyOwner, scope: string, { ofClient }: RouteRules): void {
  if (!hasScope(owner, scope)) {
    throw new GatewayProblem('forbidden', `This call needs a key with the scope "${scope}".`);
  }
  if (scope === 'admin' && ofClient !== true && !isGatewayAdmin(owner)) throw wholeGateway('This call');
}

/** For an administrator of one client. @param what begins the sentence. */
export const wholeGateway = (what: string): GatewayProblem =>
  new GatewayProblem('forbidden', `${what} needs a key with the scope "admin" that belongs to client "default".`);

export const unauthorized = (): GatewayProblem =>
  new GatewayProblem('unauthorized', 'Send a valid API key as "Authorization: Bearer <key>".', {
    headers: { 'www-authenticate': 'Bearer realm="email gateway"' },
  });
