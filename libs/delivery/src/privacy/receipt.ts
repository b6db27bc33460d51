import { createHash } from 'node:crypto';
import { encodeId } from '@gateway/core';
import type { ErasureRow } from '@gateway/database';
import type { Mentions } from './find-mentions.js';

/** Everything that an erasure counts, always present. */
const NOTHING = {
  messages: 0,
  recipients: 0,
  events: 0,
  contacts: 0,
  suppressions: 0,
  attachments: 0,
  storedAnswers: 0,
  webhookDeliveries: 0,
  providerCopies: 0,
};

export type ErasureCount = keyof typeof NOTHING;

export const countsOf = (counts: unknown): Readonly<Record<ErasureCount, number>> => ({
  ...NOTHING,
  ...(counts as Partial<Record<ErasureCount, number>>),
});

/** The part of an erasure that its receipt shows and its digest is over. It has no address. */
export function receiptOf(
  row: Omit<ErasureRow, 'sha256' | 'requestedBy' | 'mentions'> & { readonly mentions: unknown },
) {
  return {
    id: encodeId('erasure', row.id),
    // Absent in receipts over all clients, whose digests may be older than the member.
    ...(row.client !== null && { client: row.client.name }),
    status: row.status,
    reason: row.reason,
    requestedAt: row.requestedAt.toISOString(),
    completedAt: row.completedAt?.toISOString() ?? null,
    addressCount: row.addressCount,
    counts: countsOf(row.counts),
    pending: row.pending,
    remaining: row.remaining,
    // Absent where the request did not ask for it, as in older receipts.
    ...(isFound(row.mentions) && { mentions: row.mentions }),
  };
}

/** SHA-256, in hex, over the receipt as JSON without blanks and with the members of all objects in alphabetical order. */
export const digestOf = (receipt: ReturnType<typeof receiptOf>): string =>
  createHash('sha256').update(canonical(receipt)).digest('hex');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** Until then it is only known for how many days to look. */
const isFound = (mentions: unknown): mentions is Mentions =>
  typeof mentions === 'object' && mentions !== null && 'messages' in mentions;
