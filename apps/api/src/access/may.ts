import { DEFAULT_CLIENT, type KeyOwner, type KeyRange } from '@gateway/database';
import { scopes } from '../http/scopes.js';

/** Changes of what belongs to the whole gateway: an administrator of one client has them only where they are listed. */
const OF_THE_GATEWAY: ReadonlySet<string> = new Set(['suppressions:write', 'providers:write']);

/**
 * The scope that a session of the console needs to see addresses of recipients in clear: that of the address book, which
 * `admin` includes.
 */
export const SHOWS_ADDRESSES = 'audience';

type Admin = Pick<KeyOwner, 'scopes' | 'clientName'>;

/** Administers all clients: an `admin` key of client `default`. An `admin` key of another client administers that one. */
export const isGatewayAdmin = ({ scopes: owned, clientName }: Admin): boolean =>
  owned.includes('admin') && clientName === DEFAULT_CLIENT;

export function hasScope(owner: Admin, scope: string): boolean {
  if (owner.scopes.includes(scope) || isGatewayAdmin(owner)) return true;
  return owner.scopes.includes('admin') && !OF_THE_GATEWAY.has(scope);
}

/** Scopes that a key may give to another. */
export const scopesToGive = (owner: Admin): readonly string[] => scopes.filter((scope) => hasScope(owner, scope));

/** The keys and acts that an administrator sees. */
export const rangeOf = (owner: Pick<KeyOwner, 'scopes' | 'clientName' | 'clientId'>): KeyRange =>
  isGatewayAdmin(owner) ? 'all' : { clientId: owner.clientId };
