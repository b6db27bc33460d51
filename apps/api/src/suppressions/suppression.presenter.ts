import type { SuppressionRow } from '@gateway/database';
import { presentKeyId } from '../access/present-key-id.js';

export const presentSuppression = (row: SuppressionRow) => ({
  // An erased address is known by its hash only.
  address: row.hashed ? null : row.address,
  scope: row.scope,
  reason: row.reason,
  source: row.source,
  createdAt: row.createdAt.toISOString(),
  createdBy: presentKeyId(row.createdBy),
  expiresAt: row.expiresAt?.toISOString() ?? null,
});
