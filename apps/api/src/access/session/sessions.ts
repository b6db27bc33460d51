import { createHash, randomBytes } from 'node:crypto';
import { ConsoleSessionRepository, type KeyOwner, type SessionTimes } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { KnownKeys } from '../known-keys.js';
import { sessionToken } from './session-cookie.js';

const TOKEN_BYTES = 32;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

export interface Session extends SessionTimes {
  readonly owner: KeyOwner;
}

/** Sign-ins to the console. A session may do what its key may, and only for as long as the key works. */
@Injectable()
export class Sessions {
  constructor(
    private readonly sessions: ConsoleSessionRepository,
    private readonly keys: KnownKeys,
  ) {}

  /** @returns the token for the cookie; nothing for a key that does not work. */
  async open(key: string): Promise<(Session & { readonly token: string }) | undefined> {
    const owner = await this.keys.findOwner(key);
    if (owner === undefined) return undefined;
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const times = await this.sessions.insert({ id: newUuid(), keyId: owner.keyId, hash: hashOf(token) });
    return { token, owner, ...times };
  }

  /** The session whose cookie a request carries. @throws GatewayProblem when another site's page has sent it. */
  async find(request: FastifyRequest): Promise<Session | undefined> {
    const token = sessionToken(request);
    const session = token === undefined ? undefined : await this.sessions.find(hashOf(token));
    if (session === undefined) return undefined;
    const owner = await this.keys.findOwnerByHash(session.keyHash);
    return owner && { owner, createdAt: session.createdAt, idleUntil: session.idleUntil };
  }

  /** @throws GatewayProblem when another site's page has sent the request. */
  async findOwner(request: FastifyRequest): Promise<KeyOwner | undefined> {
    return (await this.find(request))?.owner;
  }

  /** Ending a session twice is harmless. */
  async close(request: FastifyRequest): Promise<void> {
    const token = sessionToken(request);
    if (token !== undefined) await this.sessions.remove(hashOf(token));
  }
}
