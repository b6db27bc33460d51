import { createHash, randomBytes } from 'node:crypto';
import { encodeId } from '@gateway/core';
import {
  ConsoleSessionRepository,
  withAct,
  type Actor,
  type ConsoleSession,
  type KeyOwner,
  type SessionTimes,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hashKey } from '../known-keys.js';
import { sessionToken } from './session-cookie.js';

const TOKEN_BYTES = 32;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * Sign-ins to the console. A session remembers by its hash the key that was typed in: it may do what that key may, and
 * ends with it, also when a rotation replaces it. Beginning and ending one, and looking at another client, are acts of
 * the audit log.
 */
@Injectable()
export class Sessions {
  constructor(private readonly sessions: ConsoleSessionRepository) {}

  /** @returns the token for the cookie. */
  async open(
    request: FastifyRequest,
    key: string,
    { keyId, clientId, clientName: client }: Pick<KeyOwner, 'keyId' | 'clientId' | 'clientName'>,
  ): Promise<SessionTimes & { readonly token: string }> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const session = { id: newUuid(), keyId, keyHash: hashKey(key), hash: hashOf(token) };
    const actor = { keyId, clientId, client };
    const times = await asAct(request, { verb: 'sign_in', actor, after: { ip: request.ip } }, () =>
      this.sessions.insert(session),
    );
    return { token, ...times };
  }

  /** The session whose cookie a request carries. @throws GatewayProblem when another site's page has sent it. */
  async find(request: FastifyRequest): Promise<ConsoleSession | undefined> {
    const token = sessionToken(request);
    return token === undefined ? undefined : this.sessions.find(hashOf(token));
  }

  /** @returns false: there is no client of that name. */
  lookAt(request: FastifyRequest, session: ConsoleSession, client: string): Promise<boolean> {
    const act = { verb: 'look_at', actor: actorOf(session), after: { client } };
    return asAct(request, act, () => this.sessions.lookAt(session.id, client));
  }

  clientNames(): Promise<readonly string[]> {
    return this.sessions.clientNames();
  }

  /** Ending a session twice is harmless. */
  async close(request: FastifyRequest): Promise<void> {
    const session = await this.find(request);
    if (session === undefined) return;
    const act = { verb: 'sign_out', actor: actorOf(session) };
    await asAct(request, act, () => this.sessions.remove(session.id));
  }
}

const actorOf = ({ keyId, keyClientId, keyClient }: ConsoleSession): Actor => ({
  keyId,
  clientId: keyClientId,
  client: keyClient,
});

interface SessionAct {
  readonly verb: string;
  readonly actor: Actor;
  readonly after?: Readonly<Record<string, unknown>>;
}

function asAct<T>({ id: requestId }: FastifyRequest, { verb, actor, after = {} }: SessionAct, work: () => T): T {
  const target = encodeId('apiKey', actor.keyId);
  return withAct({ action: `session.${verb}`, target, actor, requestId, after, state: 'pending' }, work);
}
