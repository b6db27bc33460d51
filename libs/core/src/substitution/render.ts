import type { Variables } from '../message.js';
import { encodeValue, type ParsedContent, type Part } from './compile.js';
import { variableValue } from './variable-value.js';

/** What one recipient will read, as far as the gateway can know: provider tokens stand as `[unsubscribe]`. */
export function renderFor(
  content: ParsedContent,
  defaults: Variables,
  own: Variables | undefined,
): { readonly subject: string; readonly html: string } {
  const write = (p: Part): string => {
    if (p.kind === 'literal') return p.text;
    if (p.kind === 'unsubscribe') return '[unsubscribe]';
    return encodeValue(variableValue(p.name, defaults, own), p.encoding);
  };
  return { subject: content.subject.map(write).join(''), html: content.body.map(write).join('') };
}
