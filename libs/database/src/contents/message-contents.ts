import type { Recipient } from '@gateway/core';
import type { ContentVault } from './content-vault.js';
import { ContentLockedError } from './content-locked.error.js';
import type { Seal } from './seal.js';

/** The texts of a message and its values for all recipients. */
export interface MessageTexts {
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly variables: unknown;
}

/** A row as it is kept: with a key, its texts are encrypted, and `variables` is an encrypted JSON string. */
export type KeptTexts = { readonly [Field in keyof MessageTexts]?: MessageTexts[Field] | undefined } & {
  readonly id: string;
  readonly contentKey: string | null;
};

const FIELDS = ['subject', 'html', 'text'] as const;

/** The texts as they are kept. */
export function sealTexts(seal: Seal, texts: MessageTexts): MessageTexts {
  const sealed = (field: (typeof FIELDS)[number]) =>
    texts[field] === null ? null : seal.sealText(field, texts[field]);
  return {
    subject: seal.sealText('subject', texts.subject),
    html: sealed('html'),
    text: sealed('text'),
    variables: seal.sealText('variables', JSON.stringify(texts.variables)),
  };
}

/** Decrypts those of the texts that a row has. @throws ContentLockedError */
export function openTexts<T extends KeptTexts>(vault: ContentVault, row: T): T {
  if (row.contentKey === null) return row;
  const seal = vault.openSeal('message', row.id, row.contentKey);
  const opened: Record<string, unknown> = {};
  for (const field of FIELDS) {
    const sealed = row[field];
    if (typeof sealed === 'string') opened[field] = seal.openText(field, sealed);
  }
  const { variables } = row;
  if (typeof variables === 'string') opened['variables'] = JSON.parse(seal.openText('variables', variables));
  return { ...row, ...opened };
}

/** The same, of rows some of which may be locked: these do not hold up the others. */
export function openEach<T extends KeptTexts>(vault: ContentVault, rows: readonly T[]): (T | ContentLockedError)[] {
  return rows.map((row) => unlessLocked(() => openTexts(vault, row)));
}

export function unlessLocked<T>(open: () => T): T | ContentLockedError {
  try {
    return open();
  } catch (error) {
    if (error instanceof ContentLockedError) return error;
    throw error;
  }
}

type Variables = Readonly<Record<string, string>>;

/** A recipient's own values as JSON, as they are kept. */
export const sealedVariables = (seal: Seal, position: number, variables: Variables): string =>
  seal.sealText(recipientField(position), JSON.stringify(variables));

/** Where the values of a recipient are encrypted, `variables` is a string, and `contentKey` the key of the message. */
export interface KeptVariables {
  readonly position: number;
  readonly variables: Record<string, string> | string | null;
  readonly contentKey: string | null;
}

/** Reads the values of recipients of one message, or of several: the key of a message is decrypted once. */
export class VariablesReader {
  private seal: Seal | undefined;
  private sealOf = '';

  constructor(private readonly vault: ContentVault) {}

  /** @throws ContentLockedError */
  read(messageId: string, { position, variables, contentKey }: KeptVariables): Recipient['variables'] | null {
    if (typeof variables !== 'string') return variables;
    if (contentKey === null) throw new ContentLockedError('encrypted variables have no key');
    if (this.seal === undefined || this.sealOf !== messageId) {
      this.seal = this.vault.openSeal('message', messageId, contentKey);
      this.sealOf = messageId;
    }
    return JSON.parse(this.seal.openText(recipientField(position), variables)) as Record<string, string>;
  }
}

const recipientField = (position: number): string => `recipient:${position}:variables`;
