import type { MessageSpec, MessageTemplate } from '@gateway/core';
import type { NewMessage } from '@gateway/database';

type TemplateColumns = Pick<NewMessage, 'templateId' | 'templateVersion' | 'providerTemplateId'>;

const NONE: TemplateColumns = { templateId: null, templateVersion: null, providerTemplateId: null };

/** How a message remembers where its texts came from. */
export function templateColumns({ template }: Pick<MessageSpec, 'template'>): TemplateColumns {
  if (template === undefined) return NONE;
  if (template.kind === 'provider') return { ...NONE, providerTemplateId: template.id };
  return { ...NONE, templateId: template.id, templateVersion: template.version };
}

/** The same, read back. */
export function templateOf(row: TemplateColumns & { readonly provider: string }): { template?: MessageTemplate } {
  const { templateId, templateVersion, providerTemplateId, provider } = row;
  if (providerTemplateId !== null) return { template: { kind: 'provider', provider, id: providerTemplateId } };
  if (templateId === null || templateVersion === null) return {};
  return { template: { kind: 'own', id: templateId, version: templateVersion } };
}
