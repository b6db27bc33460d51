import { fieldErrorCodes } from '@gateway/core';
import { z } from 'zod';
import {
  exportQuery,
  fileCategory,
  fileTemplate,
  FORMAT_VERSION,
  importQuery,
  pushTemplate,
  templateArchive,
} from '../../templates/template-file.schema.js';
import { pathIdOf } from '../common.js';
import { EXAMPLE_IDS } from '../example-ids.js';
import { json, type OperationDoc } from '../operation.js';
import { category, newTemplate, template } from './template-schemas.js';

const pushedTemplate = z
  .object({
    provider: z.string(),
    providerTemplateId: z.string().meta({ description: 'What a message names it by, beside the provider' }),
    version: z.int().meta({ description: 'The version that stands there now' }),
    warnings: z.array(z.string()).meta({ description: 'What the provider has no place for' }),
  })
  .meta({ id: 'PushedTemplate' });

export const pushTemplateOperation: OperationDoc = {
  id: 'pushTemplate',
  summary: 'Push a template to a provider',
  description:
    "Makes the provider's own template of the newest version, or brings it up to date, with the categories that it " +
    'stands in and its files. Push it as often as you like: one that was removed there is made again. From then on ' +
    'what is deleted or restored here is so there too, in a while.',
  path: { id: pathIdOf('template', EXAMPLE_IDS.template, 'Id of the template') },
  idempotent: true,
  bodies: [
    {
      description: 'Where to',
      schema: pushTemplate.meta({ id: 'TemplatePush' }),
      examples: () => ({
        ncp: { summary: 'To NCP', value: { provider: 'ncp' } },
        nhn: { summary: 'To NHN', value: { provider: 'nhn' } },
      }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'It stands there',
      headers: ['Idempotent-Replayed'],
      content: json(pushedTemplate, { provider: 'ncp', providerTemplateId: '301', version: 1, warnings: [] }),
    },
  ],
  problems: ['unsupported_by_provider', 'provider_retired'],
};

const versionOfForm = z.literal(FORMAT_VERSION);

const exported = z
  .object({
    version: versionOfForm,
    categories: z.array(category.omit({ createdAt: true, updatedAt: true })),
    templates: z.array(
      template.omit({ version: true, latestVersion: true, variables: true }).omit({
        ...{ createdAt: true, updatedAt: true, deletedAt: true },
      }),
    ),
  })
  .meta({ id: 'TemplateExport' });

const archived = z
  .object({ version: versionOfForm, provider: z.string(), archive: z.string().meta({ description: 'Base64' }) })
  .meta({ id: 'TemplateBackup' });

const exampleCategory = {
  ...{ id: EXAMPLE_IDS.templateCategory, name: 'orders', parentId: null },
  description: 'Receipts and news of orders',
};
const exampleTemplate = {
  ...newTemplate,
  ...{ id: EXAMPLE_IDS.template, categoryId: EXAMPLE_IDS.templateCategory, enabled: true, text: null, attachments: [] },
};

export const exportTemplates: OperationDoc = {
  id: 'exportTemplates',
  summary: 'Export all templates',
  description:
    'Every category, and every template that is not deleted in its newest version: what the import takes, in this ' +
    'gateway or another. `from` asks an account for a backup in a form of its own instead, which only the import to ' +
    'the same account reads (NCP); it holds the templates of all clients and needs an admin key.',
  query: exportQuery,
  answers: [
    {
      status: 200,
      description: 'Categories and templates, or a backup',
      content: json(z.union([exported, archived]), {
        version: FORMAT_VERSION,
        categories: [exampleCategory],
        templates: [exampleTemplate],
      }),
    },
  ],
  problems: ['unsupported_by_provider', 'provider_retired'],
};

const importReport = z
  .object({
    imported: z.int().meta({ description: 'New templates' }),
    updated: z.int().meta({ description: 'Templates that were there and are now as imported' }),
    skipped: z.int().meta({ description: 'Templates that were so already, or were deleted here' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().meta({ description: "Into the body, or into the provider's template" }),
          code: z.enum(fieldErrorCodes),
          detail: z.string(),
          name: z.string().optional(),
          providerTemplateId: z.string().optional(),
        }),
      )
      .max(100)
      .meta({ description: 'What was left out and why; the first 100' }),
    errorCount: z.int(),
  })
  .meta({ id: 'TemplateImportReport' });

const importedFile = z.strictObject({
  version: versionOfForm,
  categories: z.array(fileCategory).optional(),
  templates: z.array(fileTemplate).optional(),
});

export const importTemplates: OperationDoc = {
  id: 'importTemplates',
  summary: 'Import templates',
  description:
    'An export, of this gateway or another: what has the same id, or the same name in the same category, becomes as it ' +
    'is in the export, the rest is new; an entry that is wrong is told and left out. `from` takes over what stands at ' +
    'a provider instead, with its texts in the syntax of this gateway; what has no words here (conditions, loops, ' +
    'macros) is told by name and left out. Doing it again takes over what has changed. Names become what names here ' +
    'may be. A backup of an account goes back to it; what stands there by the same name may stop it half-way.',
  query: importQuery,
  idempotent: true,
  bodyOptional: true,
  bodies: [
    {
      description: 'An export or a backup; none with `from`',
      schema: z.union([importedFile, templateArchive]).meta({ id: 'TemplateImport' }),
      examples: () => ({
        export: {
          summary: 'An export',
          value: { version: FORMAT_VERSION, categories: [exampleCategory], templates: [exampleTemplate] },
        },
        byHand: {
          summary: 'Written by hand',
          value: {
            version: FORMAT_VERSION,
            templates: [{ name: 'goodbye', subject: 'Goodbye, {{name}}', text: 'Until next time.' }],
          },
        },
      }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'What became of it',
      headers: ['Idempotent-Replayed'],
      content: json(importReport, {
        ...{ imported: 12, updated: 1, skipped: 3, errorCount: 1 },
        errors: [
          {
            ...{ pointer: '/html', code: 'invalid_template', name: 'VIP discount', providerTemplateId: 'VIP_SALE' },
            detail: 'the directive <#if …> has no words here',
          },
        ],
      }),
    },
  ],
  problems: ['unsupported_by_provider', 'provider_retired'],
};
