import { bytesOf } from '../bytes.js';
import type { Prisma } from '../generated/client.js';

/** Limits of a key. An empty list is no limit. */
export interface KeyLimits {
  /** Networks in CIDR notation. */
  readonly allowedIps: readonly string[];
  /** Senders: addresses and domains, in lower case. */
  readonly allowedFrom: readonly string[];
  /** Names of accounts. */
  readonly allowedAccounts: readonly string[];
  /** Its messages are held until another key releases them. */
  readonly needsRelease: boolean;
  readonly requestsPerSecond: number | null;
  readonly recipientsPerSecond: number | null;
}

export interface KeyOwner extends KeyLimits {
  readonly keyId: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly scopes: readonly string[];
  /** Milliseconds until this secret stops working; `null`: it has no end. */
  readonly endsInMs: number | null;
}

export interface ApiKeyRow extends KeyLimits {
  readonly id: string;
  readonly name: string;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  /** The keys that made and revoked it; `null`: the gateway did. */
  readonly createdBy: string | null;
  readonly revokedBy: string | null;
}

/** Members of a key that a caller may change; absent ones stay. */
export type KeyChanges = Partial<Pick<ApiKeyRow, 'name' | 'scopes' | 'expiresAt' | keyof KeyLimits>>;

export interface NewApiKey extends Omit<KeyChanges, 'name' | 'scopes'> {
  readonly id: string;
  readonly clientId: string;
  readonly client: string;
  readonly name: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
  /** The key that makes it. */
  readonly createdBy?: string;
}

/** The result for the first key and those before it. */
export interface FirstKeyChange {
  /** False: a caller has revoked it or rotated it out, and it stays so. */
  readonly usable: boolean;
  /** Keys that it has replaced now. */
  readonly replaced: readonly string[];
}

/** `last_admin`: without it no caller could make keys any more. */
export type Revocation = 'revoked' | 'unknown' | 'last_admin';

/** The keys that a caller administers: those of one client, or all. */
export type KeyRange = 'all' | { readonly clientId: string };

/** Another secret for a key. */
export interface NewSecret {
  readonly hash: Buffer;
  /** How long the one before works. */
  readonly overlapMs: number;
  /** The key that does it. */
  readonly by: string;
  /** Throws where that key may not. */
  readonly check: (row: ApiKeyRow) => void;
}

export interface Rotation {
  readonly row: ApiKeyRow;
  readonly previousValidUntil: Date;
}

const ADMIN = 'admin';
/** The client whose administrators administer the whole gateway. */
export const DEFAULT_CLIENT = 'default';
export const shown = {
  id: true,
  name: true,
  scopes: true,
  createdAt: true,
  revokedAt: true,
  createdBy: true,
  revokedBy: true,
  expiresAt: true,
  lastUsedAt: true,
  allowedIps: true,
  allowedFrom: true,
  allowedAccounts: true,
  needsRelease: true,
  requestsPerSecond: true,
  recipientsPerSecond: true,
  client: { select: { name: true } },
} as const satisfies Prisma.ApiKeySelect;

export const rowOf = ({ client, ...key }: Omit<ApiKeyRow, 'client'> & { client: { name: string } }): ApiKeyRow => ({
  ...key,
  client: client.name,
});

export const within = (range: KeyRange): Prisma.ApiKeyWhereInput =>
  range === 'all' ? {} : { clientId: range.clientId };

/** Is it a key that administers the whole gateway, and has no end? */
export const isLasting = (key: {
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  readonly client: { readonly name: string };
}): boolean => key.scopes.includes(ADMIN) && key.expiresAt === null && key.client.name === DEFAULT_CLIENT;

export async function hasAnother(prisma: Prisma.TransactionClient, id: string): Promise<boolean> {
  const another = await prisma.apiKey.findFirst({
    where: {
      id: { not: id },
      revokedAt: null,
      expiresAt: null,
      scopes: { has: ADMIN },
      client: { name: DEFAULT_CLIENT },
    },
    select: { id: true },
  });
  return another !== null;
}

export const columnsOf = (key: NewApiKey, clientId: string) => ({
  id: key.id,
  clientId,
  name: key.name,
  hash: bytesOf(key.hash),
  scopes: [...key.scopes],
  expiresAt: key.expiresAt ?? null,
  allowedIps: [...(key.allowedIps ?? [])],
  allowedFrom: [...(key.allowedFrom ?? [])],
  allowedAccounts: [...(key.allowedAccounts ?? [])],
  needsRelease: key.needsRelease ?? false,
  requestsPerSecond: key.requestsPerSecond ?? null,
  recipientsPerSecond: key.recipientsPerSecond ?? null,
});
