import type { Variables } from '../message.js';
import { encodeValue, type ParsedContent, type Part } from './compile.js';

/** What one recipient will read, as far as the gateway can know: provider tokens stand as `[unsubscribe]`. */
export function renderFor(
  content: ParsedContent,
  defaults: Variables,
  own: Variables | undefined,
): { readonly subject: string; readonly html: string } {
  const valueOf = (name: string): string => (own !== undefined && Object.hasOwn(own, name) ? own[name] : defaults[name]) ?? '';
  const write = (p: Part): string => {
    if (p.kind === 'literal') return p.text;
    if (p.kind === 'unsubscribe') return '[unsubscribe]';
    return encodeValue(valueOf(p.name), p.encoding);
  };
  return { subject: content.subject.map(write).join(''), html: content.body.map(write).join('') };
}
