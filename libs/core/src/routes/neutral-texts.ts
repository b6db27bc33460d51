import { compileContent, type Values } from '../substitution/compile.js';
import { ADVERTISING_MARK, UNSUBSCRIBE_LINK, UNSUBSCRIBE_URL, type Dialect } from '../substitution/dialect.js';
import { UNSUBSCRIBE_SHOWN, type ParsedContent, type Part } from '../substitution/parts.js';

export interface NeutralTexts {
  readonly subject: string;
  readonly body: string;
}

/**
 * The texts that an account would be given, read back into the gateway's own syntax: what its dialect has changed or
 * cannot say is then a difference to another account's. Variables come back as `{{name}}` whatever their encoding.
 */
export function neutralTexts(content: ParsedContent, dialect: Dialect, values: Values): NeutralTexts {
  const { subject, body, constants, parameters, subjectParameter } = compileContent(content, dialect, values);
  const meanings = new Map<string, string>();
  const mean = (text: string | undefined, meaning: string): void => {
    if (text !== undefined && text !== '' && !meanings.has(text)) meanings.set(text, meaning);
  };
  for (const [key, text] of Object.entries(constants)) mean(dialect.variable(key), text);
  for (const { key, name } of parameters) mean(dialect.variable(key), `{{${name}}}`);
  if (subjectParameter !== undefined)
    mean(dialect.variable(subjectParameter.key), ` ${written(subjectParameter.parts)}`);
  if (content.advertisement) {
    mean(dialect.unsubscribeFooter, '');
    mean(dialect.unsubscribeLink, `{{${UNSUBSCRIBE_LINK}}}`);
    mean(dialect.unsubscribeUrl, `{{${UNSUBSCRIBE_URL}}}`);
  }
  const read = reader(meanings);
  const hasToken = content.body.some(({ kind }) => kind === 'unsubscribe');
  const marked = dialect.advertisingMark === undefined ? `${ADVERTISING_MARK} ${read(subject)}` : read(subject);
  return {
    subject: content.advertisement ? marked.replace(/\s+/g, ' ') : read(subject),
    // The provider appends the link of an advertisement without one, or the gateway does.
    body: content.advertisement && !hasToken ? `${read(body)}${UNSUBSCRIBE_SHOWN}` : read(body),
  };
}

const written = (parts: readonly Part[]): string =>
  parts
    .map((part) => (part.kind === 'literal' ? part.text : part.kind === 'variable' ? `{{${part.name}}}` : ''))
    .join('');

/** Replaces texts by their meanings in one pass: a meaning is never read again. */
function reader(meanings: ReadonlyMap<string, string>): (text: string) => string {
  const texts = [...meanings.keys()].sort((a, b) => b.length - a.length);
  if (texts.length === 0) return (text) => text;
  const any = new RegExp(texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  return (text) => text.replace(any, (found) => meanings.get(found) ?? found);
}
