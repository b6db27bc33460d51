import { randomBytes } from 'node:crypto';
import { GatewayProblem } from '@gateway/core';
import type { AccessRepository, KeyOwner, Queryable } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hashKey, type KnownKeys } from './known-keys.js';
import { scopes } from './scopes.js';

const BEARER = /^Bearer +([\x21-\x7e]{8,255}) *$/i;
const PROTECTED = /^\/v1(?:[/?]|$)/;

const owners = new WeakMap<FastifyRequest, KeyOwner>();

export const bearerKey = (authorization: string | undefined): string | undefined =>
  BEARER.exec(authorization ?? '')?.[1];

export const newKey = (): string => `gk_${randomBytes(24).toString('base64url')}`;

/** Who sent this request. Only for requests below /v1. */
export function ownerOf(request: FastifyRequest): KeyOwner {
  const owner = owners.get(request);
  if (owner === undefined) throw unauthorized();
  return owner;
}

/** Refuses a request without a good key before its body is read. */
export function installAccess(fastify: FastifyInstance, keys: KnownKeys): void {
  fastify.addHook('onRequest', async (request) => {
    if (PROTECTED.test(request.url)) owners.set(request, await authenticate(request, keys));
  });
}

async function authenticate(request: FastifyRequest, keys: KnownKeys): Promise<KeyOwner> {
  const key = bearerKey(request.headers.authorization);
  const owner = key === undefined ? undefined : await keys.findOwner(key);
  if (owner === undefined) throw unauthorized();
  return owner;
}

const unauthorized = (): GatewayProblem =>
  new GatewayProblem('unauthorized', 'Send a valid API key as "Authorization: Bearer <key>".', {
    headers: { 'www-authenticate': 'Bearer realm="email gateway"' },
  });

export const DEFAULT_CLIENT = 'default';

/** Makes the key of GATEWAY_API_KEY usable: it belongs to client `default` and may do everything. */
export async function ensureFirstKey(repository: AccessRepository, tx: Queryable, key: string): Promise<void> {
  await repository.insert(tx, {
    id: newUuid(),
    clientId: newUuid(),
    client: DEFAULT_CLIENT,
    name: 'first key',
    hash: hashKey(key),
    scopes: [...scopes],
  });
}
