import { sealedVariables } from '../contents/message-contents.js';
import type { Seal } from '../contents/seal.js';
import type { Queryable } from '../queryable.js';
import * as sql from './audience.sql.js';

/** Rows in memory at a time. */
const PAGE = 1000;

interface FoundRow {
  readonly position: number;
  readonly address: string;
  readonly name: string | null;
  readonly variables: Readonly<Record<string, string>> | null;
  readonly reason: string | null;
}

/**
 * Writes the recipients of a message whose values are encrypted: PostgreSQL finds them, and has no key.
 * @returns as `AudienceRepository.insertRecipients`
 */
export async function insertSealed(
  tx: Queryable,
  messageId: string,
  found: { readonly text: string; readonly values: unknown[] },
  seal: Seal,
): Promise<{ readonly able: number; readonly unable: number; readonly largest: number }> {
  let [able, unable, largest] = [0, 0, 0];
  await tx.query(sql.openFound(found.text), found.values);
  for (let page: FoundRow[] = [], first = true; first || page.length === PAGE; first = false) {
    ({ rows: page } = await tx.query<FoundRow>(sql.fetchFound(PAGE)));
    for (const row of page) {
      if (row.reason === null) able += 1;
      else unable += 1;
      largest = Math.max(largest, bytesOf(row));
    }
    await tx.query(sql.INSERT_FOUND, [messageId, JSON.stringify(page.map((row) => sealed(row, seal)))]);
  }
  await tx.query(sql.CLOSE_FOUND);
  return { able, unable, largest };
}

const sealed = (row: FoundRow, seal: Seal) => ({
  ...row,
  variables: row.variables && sealedVariables(seal, row.position, row.variables),
});

const bytesOf = ({ address, name, variables }: FoundRow): number =>
  Buffer.byteLength(address) +
  Buffer.byteLength(name ?? '') +
  (variables === null ? 0 : Buffer.byteLength(JSON.stringify(variables)));
