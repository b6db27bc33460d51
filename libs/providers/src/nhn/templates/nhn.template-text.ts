import type { Content } from '@gateway/core';
import { cutAt, type StoredPiece } from '../../shared/templates/neutral-text.js';
import { writeStored, type StoredSyntax, type StoredTexts } from '../../shared/templates/stored-text.js';
import { nhnDialect } from '../nhn.capabilities.js';

export type TemplateType = 'DEFAULT' | 'FREEMARKER';

/** Names of NHN's own tokens (nhn.md §2.7): no variable may have them. */
const TOKENS: Readonly<Record<string, StoredPiece>> = {
  BLOCK_RECEIVER_LINK: { kind: 'unsubscribe', form: 'link' },
  BLOCK_RECEIVER_LINK_URL: { kind: 'unsubscribe', form: 'url' },
  EN_BLOCK_RECEIVER_LINK: fault('##EN_BLOCK_RECEIVER_LINK## is a link in English, which only this provider has'),
  JA_BLOCK_RECEIVER_LINK: fault('##JA_BLOCK_RECEIVER_LINK## is a link in Japanese, which only this provider has'),
};

function fault(detail: string): StoredPiece {
  return { kind: 'fault', detail };
}

const defaultStored: StoredSyntax = { ...nhnDialect, takesName: (name) => !Object.hasOwn(TOKENS, name) };

/** FreeMarker's identifiers; `.` and `-` would be operators. */
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Everything that begins something in FreeMarker, in either of its tag syntaxes. */
const FREEMARKER_RESERVED = /[$#]\{|<\/?[#@]|\[\/?[#@]|\[=/g;

const freemarkerStored: StoredSyntax = {
  ...nhnDialect,
  variable: (name) => `\${${name}}`,
  reserved: FREEMARKER_RESERVED,
  edge: /[$#]/,
  takesName: (name) => IDENTIFIER.test(name) && defaultStored.takesName(name),
  quote: (run) => `\${r"${run}"}`,
};

export interface NhnTexts extends StoredTexts {
  readonly templateType: TemplateType;
}

/** DEFAULT, unless only FreeMarker can say it: `##` in a subject. */
export function writeNhnTexts(content: Content): NhnTexts {
  const plain = writeStored(content, defaultStored);
  if (plain.obstacles.length === 0) return { ...plain, templateType: 'DEFAULT' };
  const rich = writeStored(content, freemarkerStored);
  if (rich.obstacles.length === 0) return { ...rich, templateType: 'FREEMARKER' };
  return { ...plain, templateType: 'DEFAULT' };
}

export const readNhnText = (text: string, type: TemplateType): readonly StoredPiece[] =>
  type === 'DEFAULT' ? readDefault(text) : readFreemarker(text);

// 2026-11, §2.8: which characters a key may have is not documented; white space and `#` end it here.
const DEFAULT_TAG = /##([^\s#<>]{1,100})##/g;

const readDefault = (text: string): readonly StoredPiece[] =>
  cutAt(text, DEFAULT_TAG, ([, name = '']) => tokenOr(name, { kind: 'variable', name }));

const tokenOr = (name: string, other: StoredPiece): StoredPiece =>
  (Object.hasOwn(TOKENS, name) ? TOKENS[name] : undefined) ?? other;

/** A comment, text that is not looked into, an interpolation, a directive or macro, a token of NHN. */
const FREEMARKER_TAG = new RegExp(
  [
    String.raw`<#--[\s\S]*?-->`,
    String.raw`<#noparse>([\s\S]*?)<\/#noparse>`,
    String.raw`\$\{((?:[^{}"']|"[^"]{0,500}"|'[^']{0,500}'){0,500})\}`,
    // Whatever else begins like an interpolation.
    String.raw`[$#]\{`,
    String.raw`<\/?[#@][^>]*>`,
    String.raw`\[(?:\/?[#@][^\]]*|=[^\]]*)\]`,
    '##([A-Z_]+)##',
  ].join('|'),
  'g',
);

const readFreemarker = (text: string): readonly StoredPiece[] => cutAt(text, FREEMARKER_TAG, readFreemarkerTag);

function readFreemarkerTag([whole, unparsed, expression, token]: RegExpExecArray): StoredPiece {
  if (whole.startsWith('<#--')) return { kind: 'literal', text: '' };
  if (unparsed !== undefined) return { kind: 'literal', text: unparsed };
  if (expression !== undefined) return readExpression(expression.trim(), whole);
  if (token !== undefined) return tokenOr(token, { kind: 'literal', text: whole });
  return fault(`"${shorten(whole)}" is FreeMarker that the gateway has no words for`);
}

const LITERAL = /^(?:r"([^"]*)"|r'([^']*)'|"([^"\\$#]*)"|'([^'\\$#]*)')$/;

function readExpression(expression: string, whole: string): StoredPiece {
  const literal = LITERAL.exec(expression);
  if (literal !== null) return { kind: 'literal', text: literal.slice(1).find((part) => part !== undefined) ?? '' };
  if (IDENTIFIER.test(expression)) return { kind: 'variable', name: expression };
  return fault(`"${shorten(whole)}" is more than a variable's name`);
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
