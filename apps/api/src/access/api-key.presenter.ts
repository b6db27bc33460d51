import { encodeId } from '@gateway/core';
import type { ApiKeyRow } from '@gateway/database';
import { presentKeyId } from './present-key-id.js';

/** A key without the key itself, of which only a hash is stored. */
export const presentKey = (row: ApiKeyRow) => ({
  id: encodeId('apiKey', row.id),
  client: row.client,
  name: row.name,
  scopes: row.scopes,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  allowedIps: row.allowedIps,
  allowedFrom: row.allowedFrom,
  allowedAccounts: row.allowedAccounts,
  needsRelease: row.needsRelease,
  rateLimit: presentRates(row),
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
  createdBy: presentKeyId(row.createdBy),
  revokedBy: presentKeyId(row.revokedBy),
});

function presentRates({ requestsPerSecond, recipientsPerSecond }: ApiKeyRow) {
  if (requestsPerSecond === null && recipientsPerSecond === null) return null;
  return {
    ...(requestsPerSecond !== null && { requestsPerSecond }),
    ...(recipientsPerSecond !== null && { recipientsPerSecond }),
  };
}
