import type { Variables } from '../message.js';
import { withMark } from './advertising-mark.js';
import { UNSUBSCRIBE_SHOWN, writeParts, type ParsedContent } from './parts.js';

/**
 * The mail as one recipient reads it, the same for previews and mails. Provider tokens are shown as
 * `[unsubscribe]`, and so is the footer that an advertisement without a token gets.
 */
export function renderFor(
  { subject, body, advertisement }: ParsedContent,
  defaults: Variables,
  own: Variables | undefined,
): { readonly subject: string; readonly html: string } {
  const [title, html] = [writeParts(subject, defaults, own), writeParts(body, defaults, own)];
  if (!advertisement) return { subject: title, html };
  const footer = body.some(({ kind }) => kind === 'unsubscribe') ? '' : `<p>${UNSUBSCRIBE_SHOWN}</p>`;
  return { subject: withMark(title), html: html + footer };
}
