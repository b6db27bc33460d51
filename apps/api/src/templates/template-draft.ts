import type { TemplateDraft } from '@gateway/delivery';
import type { z } from 'zod';
import { given } from '../http/fields/given.js';
import type { createTemplate, updateTemplate } from './template.schema.js';

const ABSENT = {
  categoryId: null,
  description: null,
  enabled: true,
  from: null,
  html: null,
  text: null,
  attachmentIds: [],
} as const;

type Input = z.output<typeof createTemplate>;

/** With what a template is that does not say it. */
export const draftOf = (input: Input): TemplateDraft => ({
  ...ABSENT,
  ...changesOf(input),
  name: input.name,
  subject: input.subject,
});

export function changesOf(input: z.output<typeof updateTemplate>): Partial<TemplateDraft> {
  const { attachments, ...rest } = input;
  return { ...given(rest), ...(attachments !== undefined && { attachmentIds: attachments }) };
}
