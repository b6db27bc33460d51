import { withheldOf, type Withheld } from '@gateway/core';
import { ContentLockedError } from '../contents/content-locked.error.js';
import type { ContentVault } from '../contents/content-vault.js';
import { openTexts, unlessLocked, type KeptTexts } from '../contents/message-contents.js';

const TEXTS = ['subject', 'html', 'text'] as const;
type Text = (typeof TEXTS)[number];

type Row = Omit<KeptTexts, 'variables'> & { readonly category: string };

/** A message with the texts that may be shown; the others are null. */
export type Shown<T extends Row> = Omit<T, Text | 'contentKey'> & {
  readonly [Field in Text & keyof T]: T[Field] | null;
} & {
  /** Why its texts are not there, where they are kept. */
  readonly withheld: Withheld | null;
};

/** Texts of login mail leave the database only to be sent, whether they are encrypted or not. */
export function shown<T extends Row>(vault: ContentVault, row: T): Shown<T> {
  const withheld = withheldOf(row.category);
  if (withheld !== null) return without(row, withheld);
  const opened = unlessLocked(() => openTexts(vault, row));
  if (opened instanceof ContentLockedError) return without(row, 'key_missing');
  const { contentKey: _, ...texts } = opened;
  return { ...texts, withheld: null } as unknown as Shown<T>;
}

function without<T extends Row>({ contentKey: _, ...row }: T, withheld: Withheld): Shown<T> {
  const nothing = Object.fromEntries(TEXTS.filter((field) => field in row).map((field) => [field, null]));
  return { ...row, ...nothing, withheld } as Shown<T>;
}
