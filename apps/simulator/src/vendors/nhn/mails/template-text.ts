import { textOf } from '../../../http/fields.js';
import type { MailContent } from '../../../state/accepted-request.js';
import type { Parameters } from '../../../state/parameters.js';

/** Unsubscribe tokens of ad mail (nhn.md §2.7); the link targets are made up. */
const UNSUBSCRIBE_URL = 'https://unsubscribe.simulator.invalid/nhn';
const TOKENS: Readonly<Record<string, string>> = {
  BLOCK_RECEIVER_LINK: `<a href="${UNSUBSCRIBE_URL}">수신거부</a>`,
  EN_BLOCK_RECEIVER_LINK: `<a href="${UNSUBSCRIBE_URL}">Unsubscribe</a>`,
  JA_BLOCK_RECEIVER_LINK: `<a href="${UNSUBSCRIBE_URL}">受信拒否</a>`,
  BLOCK_RECEIVER_LINK_URL: UNSUBSCRIBE_URL,
};

/** One place in a text where something is put in; exactly one of the three members is used. */
interface Hole {
  readonly key?: string;
  readonly fallback?: string | undefined;
  readonly literal?: string;
}

/** A text cut at its holes. */
type Piece = string | Hole;

const DEFAULT_TAG = /##([^\s#<>]{1,100})##/g;
// FreeMarker, as much of it as mail needs: ${key}, ${key!"default"}, ${"literal"}, ${r"raw literal"} and noparse.
const FREEMARKER_TAG =
  /\$\{\s*(?:([\p{L}_][\p{L}\p{N}_.]*)\s*(?:(!)\s*(?:"([^"]*)"|'([^']*)')?)?|r?"([^"]*)"|r?'([^']*)')\s*\}|<#noparse>([\s\S]*?)<\/#noparse>|##([A-Z_]+)##/gu;

type TemplateType = MailContent['templateType'];

function cut(text: string, type: TemplateType): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(type === 'DEFAULT' ? DEFAULT_TAG : FREEMARKER_TAG)) {
    pieces.push(text.slice(from, match.index), type === 'DEFAULT' ? defaultHole(match) : freemarkerHole(match));
    from = match.index + match[0].length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

const defaultHole = (match: RegExpMatchArray): Hole => {
  const name = match[1] ?? '';
  return Object.hasOwn(TOKENS, name) ? { key: name, fallback: match[0] } : { key: name };
};

function freemarkerHole(match: RegExpMatchArray): Hole {
  const [whole, key, bang, double, single] = match;
  if (key !== undefined) return { key, fallback: bang === undefined ? undefined : (double ?? single ?? '') };
  if (match[8] !== undefined) return { key: match[8], fallback: whole };
  return { literal: match[5] ?? match[6] ?? match[7] ?? '' };
}

/** A title or body ready for many receivers: parsed once, filled per receiver in one pass. */
export class TemplateText {
  readonly #pieces: readonly Piece[];

  constructor(
    text: string,
    type: TemplateType,
    private readonly advertising: boolean,
  ) {
    this.#pieces = cut(text, type);
  }

  /** The first key that the parameters lack; undefined when the text can be filled. */
  missingKey(own: Parameters | undefined, common: Parameters): string | undefined {
    for (const piece of this.#pieces) {
      if (typeof piece === 'string' || piece.key === undefined || piece.fallback !== undefined) continue;
      if (valueOf(piece.key, own, common) === undefined) return piece.key;
    }
    return undefined;
  }

  /** The text for a receiver; a key without value stays as `##key##`. */
  fill(own: Parameters | undefined, common: Parameters): string {
    return this.#pieces.map((piece) => (typeof piece === 'string' ? piece : this.#put(piece, own, common))).join('');
  }

  #put(hole: Hole, own: Parameters | undefined, common: Parameters): string {
    if (hole.key === undefined) return hole.literal ?? '';
    const token = this.advertising && Object.hasOwn(TOKENS, hole.key) ? TOKENS[hole.key] : undefined;
    return token ?? valueOf(hole.key, own, common) ?? hole.fallback ?? `##${hole.key}##`;
  }
}

function valueOf(key: string, own: Parameters | undefined, common: Parameters): string | undefined {
  for (const parameters of [own, common]) {
    const value = parameters && Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (value !== undefined && value !== null) return textOf(value);
  }
  return undefined;
}

/** Title or body of a stored request as a receiver sees it. */
export const renderText = (content: MailContent, part: 'title' | 'body', own: Parameters | undefined): string =>
  new TemplateText(content[part], content.templateType, content.advertising).fill(own, content.parameters);
