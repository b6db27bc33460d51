import type { KeyOwner } from '@gateway/database';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../../access/access.js';

/** The key that a message is sent with. */
export interface Sender {
  readonly clientId: string;
  readonly keyId: string;
  /** Every message of the key is held until another key releases it. */
  readonly needsRelease: boolean;
}

export function senderOf(request: FastifyRequest): Sender {
  const owner: KeyOwner & { readonly needsRelease?: boolean } = ownerOf(request);
  return { clientId: owner.clientId, keyId: owner.keyId, needsRelease: owner.needsRelease === true };
}
