import { UNSUBSCRIBE_LINK } from '@gateway/core';
import { cutAt, type StoredPiece } from '../../../shared/templates/neutral-text.js';
import type { StoredSyntax } from '../../../shared/templates/stored-text.js';
import { naverDialect } from '../../dialect.js';

/** ncp.md §3.1: `${key}`; which characters a key may have is not documented, so all but braces are taken (2026-11). */
export const v1Stored: StoredSyntax = { ...naverDialect, takesName: (name) => name !== UNSUBSCRIBE_LINK };

const SUBJECT_TAG = /\$\{([^{}]+)\}/g;
const BODY_TAG = /\$\{([^{}]+)\}|#\{UNSUBSCRIBE_MESSAGE\}/g;

/** The tag of the unsubscribe text is one in bodies only. */
export const readV1Text = (text: string, field: 'subject' | 'html'): readonly StoredPiece[] =>
  cutAt(text, field === 'subject' ? SUBJECT_TAG : BODY_TAG, ([, name]) =>
    name === undefined ? { kind: 'unsubscribe', form: 'link' } : { kind: 'variable', name },
  );
