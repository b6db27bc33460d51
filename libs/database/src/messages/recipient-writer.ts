import { domainOf, type Recipient } from '@gateway/core';
import type { PoolClient } from 'pg';
import { sealedVariables } from '../contents/message-contents.js';
import type { Seal } from '../contents/seal.js';
import { copyCell, copyRows, type Pages } from '../copy.js';
import { partitionFor, RECIPIENT } from '../partition.js';
import * as sql from './recipient-writer.sql.js';

/** More than a campaign has; what bounds the memory of one where each recipient has a domain of his own. */
const MOST_DOMAINS = 10_000;

/**
 * Streams the recipients of a message into the table, and counts them in the statistics; the message itself follows in
 * the same transaction.
 * @param seal encrypts the values of recipients; the message must be written with the same one.
 */
export async function copyRecipients(
  client: PoolClient,
  messageId: string,
  pages: Pages<Recipient>,
  seal?: Seal,
): Promise<number> {
  const table = await partitionFor(client, messageId);
  const domains = new DomainCounts();
  const copied = await copyRows(client, sql.copyRecipients(table), {
    pages,
    line: ({ position, address, name, type, variables }) => {
      domains.add(address);
      const values = variables === undefined ? '\\N' : copyCell(variablesCell(seal, position, variables));
      return `${messageId}\t${position}\t${copyCell(address)}\t${copyCell(name)}\t${type}\t${values}`;
    },
  });
  // The parent counts by a trigger; a partition that is named has none: it would keep a copy of all rows till the end.
  if (table !== RECIPIENT) await countRequested(client, messageId, domains);
  return copied;
}

const variablesCell = (seal: Seal | undefined, position: number, variables: Readonly<Record<string, string>>): string =>
  JSON.stringify(seal === undefined ? variables : sealedVariables(seal, position, variables));

/** How many recipients have which domain, while they pass by. */
class DomainCounts {
  private readonly counts = new Map<string, number>();
  /** There are too many to be counted here. */
  overflown = false;

  add(address: string): void {
    if (this.overflown) return;
    const domain = domainOf(address);
    this.counts.set(domain, (this.counts.get(domain) ?? 0) + 1);
    if (this.counts.size <= MOST_DOMAINS) return;
    this.overflown = true;
    this.counts.clear();
  }

  get columns(): readonly [readonly string[], readonly number[]] {
    return [[...this.counts.keys()], [...this.counts.values()]];
  }
}

async function countRequested(client: PoolClient, messageId: string, domains: DomainCounts): Promise<void> {
  if (domains.overflown) {
    await client.query(sql.COUNT_ALL_REQUESTED, [messageId]);
    return;
  }
  await client.query(sql.COUNT_REQUESTED, [messageId, ...domains.columns]);
}
