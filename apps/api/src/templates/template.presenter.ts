import { encodeId, variablesOf } from '@gateway/core';
import type { TemplateCategoryRow, TemplateRow, TemplateSummary } from '@gateway/database';
import { textsOf } from '@gateway/delivery';
import { presentKeyId } from '../access/present-key-id.js';

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

const categoryId = (id: string | null): string | null => (id === null ? null : encodeId('templateCategory', id));

const from = ({ fromAddress, fromName }: Pick<TemplateRow, 'fromAddress' | 'fromName'>) =>
  fromAddress === null ? null : { address: fromAddress, ...(fromName !== null && { name: fromName }) };

/** In lists: without the texts. */
export const presentTemplateSummary = (row: TemplateSummary) => ({
  id: encodeId('template', row.id),
  name: row.name,
  categoryId: categoryId(row.categoryId),
  description: row.description,
  enabled: row.enabled,
  version: row.version,
  from: from(row),
  subject: row.subject,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  deletedAt: time(row.deletedAt),
  updatedBy: presentKeyId(row.updatedBy),
});

export const presentTemplate = (row: TemplateRow) => ({
  ...presentTemplateSummary(row),
  latestVersion: row.latestVersion,
  createdBy: presentKeyId(row.createdBy),
  html: row.html,
  text: row.text,
  attachments: row.attachmentIds.map((id) => encodeId('attachment', id)),
  variables: variablesOf(textsOf(row)),
});

export const presentCategory = (row: TemplateCategoryRow) => ({
  id: encodeId('templateCategory', row.id),
  name: row.name,
  parentId: categoryId(row.parentId),
  description: row.description,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** A template in an export: without what belongs to this gateway alone. */
export const exportTemplate = (row: TemplateRow) => ({
  id: encodeId('template', row.id),
  name: row.name,
  categoryId: categoryId(row.categoryId),
  description: row.description,
  enabled: row.enabled,
  from: from(row),
  subject: row.subject,
  html: row.html,
  text: row.text,
  attachments: row.attachmentIds.map((id) => encodeId('attachment', id)),
});

export const exportCategory = (row: TemplateCategoryRow) => ({
  id: encodeId('templateCategory', row.id),
  name: row.name,
  parentId: categoryId(row.parentId),
  description: row.description,
});
