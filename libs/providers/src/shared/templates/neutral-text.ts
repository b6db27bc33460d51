import { isVariableName, UNSUBSCRIBE_LINK, UNSUBSCRIBE_URL, type TranslationFault } from '@gateway/core';

/** A piece of a text that a provider keeps. */
export type StoredPiece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'unsubscribe'; readonly form: 'link' | 'url' }
  | { readonly kind: 'fault'; readonly detail: string };

type Field = TranslationFault['field'];

/**
 * Writes a provider's text in the neutral syntax. Providers put values in as they are, so a variable becomes
 * `{{{name}}}` in HTML; in a subject `{{name}}` is the same.
 */
export function writeNeutral(
  pieces: readonly StoredPiece[],
  field: Field,
): { readonly text: string; readonly faults: readonly TranslationFault[] } {
  const faults: TranslationFault[] = [];
  const tell = (detail: string): string => {
    faults.push({ field, detail });
    return '';
  };
  const joined = joinLiterals(pieces);
  const text = joined.map((piece, i) => writePiece(piece, { field, last: i === joined.length - 1, tell })).join('');
  return { text, faults };
}

interface Place {
  readonly field: Field;
  readonly last: boolean;
  readonly tell: (detail: string) => string;
}

function writePiece(piece: StoredPiece, place: Place): string {
  switch (piece.kind) {
    case 'literal':
      return writeLiteral(piece.text, place);
    case 'variable':
      return writeVariable(piece.name, place);
    case 'unsubscribe':
      if (place.field === 'subject') return place.tell('an unsubscribe token is in the subject');
      return `{{{${piece.form === 'link' ? UNSUBSCRIBE_LINK : UNSUBSCRIBE_URL}}}}`;
    case 'fault':
      return place.tell(piece.detail);
  }
}

/** `{{` would begin a variable; so would a lone `{` before one. */
function writeLiteral(text: string, { field, last, tell }: Place): string {
  const opening = last ? /\{(?=\{)|(?<=\{)\{/g : /\{(?=\{)|(?<=\{)\{|\{$/g;
  if (!opening.test(text)) return text;
  if (field === 'subject') return tell('"{{" in a subject would be a variable');
  return text.replaceAll(opening, '&#123;');
}

function writeVariable(name: string, { field, tell }: Place): string {
  if (!isVariableName(name)) return tell(`"${shorten(name)}" cannot be the name of a variable`);
  if (name === UNSUBSCRIBE_LINK || name === UNSUBSCRIBE_URL) return tell(`"${name}" means the link to unsubscribe`);
  return field === 'subject' ? `{{${name}}}` : `{{{${name}}}}`;
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

function joinLiterals(pieces: readonly StoredPiece[]): readonly StoredPiece[] {
  const joined: StoredPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece.kind === 'literal' && last?.kind === 'literal') {
      joined[joined.length - 1] = { kind: 'literal', text: last.text + piece.text };
    } else if (piece.kind !== 'literal' || piece.text !== '') {
      joined.push(piece);
    }
  }
  return joined;
}

/** Cuts a text at what a pattern finds; what lies between is literal. */
export function cutAt(
  text: string,
  pattern: RegExp,
  read: (match: RegExpExecArray) => StoredPiece,
): readonly StoredPiece[] {
  const pieces: StoredPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.push({ kind: 'literal', text: text.slice(from, match.index) }, read(match));
    from = match.index + match[0].length;
  }
  pieces.push({ kind: 'literal', text: text.slice(from) });
  return pieces;
}
