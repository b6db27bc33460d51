import { encodeId } from '@gateway/core';
import type { AuditRow } from '@gateway/database';

export const presentEntry = (row: AuditRow) => ({
  id: encodeId('auditEntry', row.id),
  at: row.at.toISOString(),
  actor: {
    keyId: row.keyId === null ? null : encodeId('apiKey', row.keyId),
    client: row.client,
    process: row.process,
  },
  action: row.action,
  target: row.target,
  ...(row.before !== null && { before: row.before }),
  ...(row.after !== null && { after: row.after }),
  requestId: row.requestId,
});
