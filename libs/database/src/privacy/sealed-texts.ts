import { openTexts, sealTexts, unlessLocked, type MessageTexts } from '../contents/message-contents.js';
import { ContentLockedError } from '../contents/content-locked.error.js';
import type { ContentVault } from '../contents/content-vault.js';
import type { Queryable } from '../queryable.js';
import * as sql from './erase-mail.sql.js';

type SealedRow = MessageTexts & { readonly id: string; readonly contentKey: string };

/** Encrypted messages with an address in their texts, and those whose key is missing. */
export interface SealedMentions {
  readonly mentions: readonly string[];
  readonly locked: readonly string[];
}

/** PostgreSQL cannot look into what is encrypted. @param pattern as for PostgreSQL. */
export async function findSealedMentions(
  tx: Queryable,
  vault: ContentVault,
  messageIds: readonly string[],
  pattern: string,
): Promise<SealedMentions> {
  const mentions: string[] = [];
  const locked: string[] = [];
  for (const row of await sealedRows(tx, messageIds)) {
    const texts = unlessLocked(() => openTexts(vault, row));
    if (texts instanceof ContentLockedError) locked.push(row.id);
    else if (masked(texts, pattern) !== undefined) mentions.push(row.id);
  }
  return { mentions, locked };
}

/** Takes an address out of the texts of encrypted messages. @throws ContentLockedError */
export async function maskSealed(
  tx: Queryable,
  vault: ContentVault,
  messageIds: readonly string[],
  pattern: string,
): Promise<void> {
  for (const row of await sealedRows(tx, messageIds)) {
    const texts = masked(openTexts(vault, row), pattern);
    if (texts === undefined) continue;
    const sealed = sealTexts(vault.openSeal('message', row.id, row.contentKey), texts);
    await tx.query(sql.REPLACE_TEXTS, [
      row.id,
      sealed.subject,
      sealed.html,
      sealed.text,
      JSON.stringify(sealed.variables),
    ]);
  }
}

const sealedRows = async (tx: Queryable, ids: readonly string[]): Promise<readonly SealedRow[]> =>
  (await tx.query<SealedRow>(sql.FIND_SEALED, [ids])).rows;

/** @returns nothing where the address is not found. */
function masked({ subject, html, text, variables }: MessageTexts, pattern: string): MessageTexts | undefined {
  const address = new RegExp(pattern, 'gi');
  const without = (value: string): string => value.replaceAll(address, '[erased]');
  const values = JSON.stringify(variables);
  if (![subject, html, text, values].some((value) => value !== null && value.search(address) >= 0)) return undefined;
  return {
    subject: without(subject),
    html: html === null ? null : without(html),
    text: text === null ? null : without(text),
    variables: JSON.parse(without(values)) as unknown,
  };
}
