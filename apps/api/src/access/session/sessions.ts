import { createHash, randomBytes } from 'node:crypto';
import { ConsoleSessionRepository, type ConsoleSession, type KeyOwner, type SessionTimes } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hashKey } from '../known-keys.js';
import { sessionToken } from './session-cookie.js';

const TOKEN_BYTES = 32;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * Sign-ins to the console. A session remembers by its hash the key that was typed in: it may do what that key may, and
 * ends with it, also when a rotation replaces it.
 */
@Injectable()
export class Sessions {
  constructor(private readonly sessions: ConsoleSessionRepository) {}

  /** @returns the token for the cookie. */
  async open(key: string, { keyId }: Pick<KeyOwner, 'keyId'>): Promise<SessionTimes & { readonly token: string }> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const session = { id: newUuid(), keyId, keyHash: hashKey(key), hash: hashOf(token) };
    return { token, ...(await this.sessions.insert(session)) };
  }

  /** The session whose cookie a request carries. @throws GatewayProblem when another site's page has sent it. */
  async find(request: FastifyRequest): Promise<ConsoleSession | undefined> {
    const token = sessionToken(request);
    return token === undefined ? undefined : this.sessions.find(hashOf(token));
  }

  /** @returns false: there is no client of that name. */
  lookAt({ id }: Pick<ConsoleSession, 'id'>, client: string): Promise<boolean> {
    return this.sessions.lookAt(id, client);
  }

  clientNames(): Promise<readonly string[]> {
    return this.sessions.clientNames();
  }

  /** Ending a session twice is harmless. */
  async close(request: FastifyRequest): Promise<void> {
    const token = sessionToken(request);
    if (token !== undefined) await this.sessions.remove(hashOf(token));
  }
}
