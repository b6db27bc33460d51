import { ContentLockedError } from '../contents/content-locked.error.js';
import type { ContentVault } from '../contents/content-vault.js';
import {
  openTexts,
  unlessLocked,
  VariablesReader,
  type KeptTexts,
  type KeptVariables,
} from '../contents/message-contents.js';
import type { Queryable } from '../queryable.js';
import { namesAny } from './named-addresses.js';
import * as sql from './mentions.sql.js';

/** Texts of one message have up to 1 MB: what is in memory at once is bounded by these. */
const MESSAGES_AT_ONCE = 10;

interface Wanted {
  /** In lower case. */
  readonly addresses: ReadonlySet<string>;
  /** Values of recipients are read in messages to no more than these. */
  readonly mostRecipients: number;
}

export interface SealedLook {
  readonly mentions: ReadonlySet<string>;
  /** How many messages could not be looked into, as their key is missing. */
  readonly locked: number;
}

/** PostgreSQL cannot look into what is encrypted. @param messageIds a page of them. */
export async function lookIntoSealed(
  tx: Queryable,
  vault: ContentVault,
  messageIds: readonly string[],
  { addresses, mostRecipients }: Wanted,
): Promise<SealedLook> {
  const mentions = new Set<string>();
  const locked = new Set<string>();
  for (let at = 0; at < messageIds.length; at += MESSAGES_AT_ONCE) {
    const ids = messageIds.slice(at, at + MESSAGES_AT_ONCE);
    const look = (id: string, open: () => readonly unknown[]): void => {
      if (mentions.has(id) || locked.has(id)) return;
      const opened = unlessLocked(open);
      if (opened instanceof ContentLockedError) locked.add(id);
      else if (opened.some((value) => namesAny(asText(value), addresses))) mentions.add(id);
    };
    for (const row of (await tx.query<KeptTexts>(sql.FIND_SEALED_TEXTS, [ids])).rows) {
      look(row.id, () => {
        const { subject, html, text, variables } = openTexts(vault, row);
        return [subject, html, text, variables];
      });
    }
    const reader = new VariablesReader(vault);
    const values = await tx.query<KeptVariables & { messageId: string }>(sql.FIND_SEALED_VALUES, [ids, mostRecipients]);
    for (const row of values.rows) look(row.messageId, () => [reader.read(row.messageId, row)]);
  }
  return { mentions, locked: locked.size };
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
