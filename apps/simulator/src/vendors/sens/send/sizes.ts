import type { MailContent } from '../../../state/accepted-request.js';
import type { RecipientTable } from '../../../state/recipient-table.js';
import { invalid } from '../errors.js';
import type { SensSettings } from '../settings.js';
import { renderBody } from '../mails/render.js';
import { bytes } from './checks.js';

/** Throws when a body is over the limit after substitution, for any recipient; ads count the unsubscribe text (§2.1). */
export function checkSizes(content: MailContent, recipients: RecipientTable, settings: SensSettings): void {
  const distinct = new Set(recipients.parameters.slice(0, recipients.count));
  for (const own of distinct.size === 0 ? [undefined] : distinct) {
    const size = bytes(renderBody(content, own, settings));
    if (size > settings.bodyLimitBytes) throw invalid('body', `has ${size} bytes after substitution`);
  }
}
