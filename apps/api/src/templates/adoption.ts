import type { ProviderTemplate } from '@gateway/core';
import type { Adoption, TemplateDraft } from '@gateway/delivery';
import { parseWith } from '../http/fields/field-errors.js';
import { draftOf } from './template-draft.js';
import { createTemplate, MAX_DESCRIPTION_BYTES, MAX_NAME_LENGTH } from './template.schema.js';

const NO_NAME = 'unnamed';

/** Converts a provider's template, by the same rules as for templates of callers. */
export const adoption: Adoption = { draftOf: adopted, nameOf, descriptionOf };

function adopted({ name, description, enabled, from, subject, html }: ProviderTemplate): TemplateDraft {
  const head = { name: nameOf(name), description: descriptionOf(description) ?? '', enabled };
  return draftOf(parseWith(createTemplate, { ...head, from, subject, html }));
}

/** As near as our rules for names allow. */
function nameOf(name: string): string {
  // Composing a long run of marks takes long, and the rest is cut off anyway.
  const words = name
    .slice(0, 4 * MAX_NAME_LENGTH)
    .normalize('NFC')
    .replaceAll(/[^\p{Script=Hangul}A-Za-z0-9._ -]+/gu, '-');
  return words.replaceAll(/ {2,}/g, ' ').trim().slice(0, MAX_NAME_LENGTH).trim() || NO_NAME;
}

function descriptionOf(description: string | null): string | null {
  if (description === null) return null;
  let text = '';
  let bytes = 0;
  for (const character of description.replaceAll(/\p{Cc}+/gu, ' ').trim()) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_DESCRIPTION_BYTES) break;
    text += character;
  }
  return text === '' ? null : text;
}
