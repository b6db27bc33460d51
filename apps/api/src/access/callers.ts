import { GatewayProblem } from '@gateway/core';
import type { ConsoleSession, KeyOwner } from '@gateway/database';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isInNetworks } from './fields/networks.js';
import { KeyBrake } from './key-brake.js';
import { KnownKeys } from './known-keys.js';
import { isGatewayAdmin } from './may.js';
import { NotedUses } from './noted-uses.js';
import { Sessions } from './session/sessions.js';

/** Decides who sends a request. */
@Injectable()
export class Callers {
  constructor(
    private readonly keys: KnownKeys,
    private readonly brake: KeyBrake,
    private readonly uses: NotedUses,
    private readonly sessions: Sessions,
  ) {}

  /**
   * @param key as the caller sent it; none: it sent none, and may have a session of the console instead.
   * @param refusal where the key is missing, unknown or over, or comes from a network that it must not be used from.
   */
  async identify(request: FastifyRequest, key: string | undefined, refusal: () => GatewayProblem): Promise<KeyOwner> {
    const owner = await this.ownerOf(request, key);
    if (owner === undefined) {
      throw (await this.brake.slow(request, key === undefined ? 'missing' : 'unknown')) ?? refusal();
    }
    // The same refusal: a thief of the key must not learn that it is good elsewhere.
    if (!this.mayComeFrom(request, owner)) {
      throw (await this.brake.slow(request, 'network')) ?? refusal();
    }
    this.uses.note(owner.keyId);
    return owner;
  }

  mayComeFrom({ ip }: Pick<FastifyRequest, 'ip'>, { allowedIps }: Pick<KeyOwner, 'allowedIps'>): boolean {
    return allowedIps.length === 0 || isInNetworks(ip, allowedIps);
  }

  /** The owner of a key or of a session that works. @throws GatewayProblem when another site's page has sent the session's cookie. */
  async ownerOf(request: FastifyRequest, key: string | undefined): Promise<KeyOwner | undefined> {
    if (key !== undefined) return this.keys.findOwner(key);
    const session = await this.sessions.find(request);
    const owner = session && (await this.keyOwnerOf(session));
    return owner && asClient(owner, session);
  }

  /** The owner of the key that has signed in, whichever client the session looks at. */
  keyOwnerOf({ keyHash }: Pick<ConsoleSession, 'keyHash'>): Promise<KeyOwner | undefined> {
    return this.keys.findOwnerByHash(keyHash);
  }
}

/** An administrator of the gateway may look at another client. It acts with its own key, so the audit log names it. */
function asClient(owner: KeyOwner, { clientId, clientName }: ConsoleSession): KeyOwner {
  if (clientId === null || clientName === null || !isGatewayAdmin(owner)) return owner;
  return { ...owner, clientId, clientName };
}
