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
} from './template-file.schema.js';
import { pathIdOf } from '../../openapi/common.js';
import { EXAMPLE_IDS } from '../../openapi/example-ids.js';
import { json, type OperationDoc } from '../../openapi/operation.js';
import { category, newTemplate, template } from '../template.openapi.js';

const pushedTemplate = z
  .object({
    provider: z.string(),
    providerTemplateId: z
      .string()
      .meta({ description: 'Id at the provider, which a message names together with the provider' }),
    version: z.int().meta({ description: 'The version at the provider' }),
    warnings: z.array(z.string()).meta({ description: 'Parts that the provider cannot keep' }),
  })
  .meta({ id: 'PushedTemplate' });

export const pushTemplateOperation: OperationDoc = {
  id: 'pushTemplate',
  summary: 'Push a template to a provider',
  description:
    "Creates the provider's own template from the newest version, or updates it, with its categories and files. " +
    'It can be pushed any number of times; a template that was removed at the provider is created again. Later, ' +
    'deleting or restoring the template here is repeated at the provider.',
  path: { id: pathIdOf('template', EXAMPLE_IDS.template, 'Id of the template') },
  idempotent: true,
  bodies: [
    {
      description: 'The account',
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
      description: 'The provider has the template',
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
        createdAt: true,
        updatedAt: true,
        deletedAt: true,
        updatedBy: true,
        createdBy: true,
      }),
    ),
  })
  .meta({ id: 'TemplateExport' });

const archived = z
  .object({ version: versionOfForm, provider: z.string(), archive: z.string().meta({ description: 'Base64' }) })
  .meta({ id: 'TemplateBackup' });

const exampleCategory = {
  id: EXAMPLE_IDS.templateCategory,
  name: 'orders',
  parentId: null,
  description: 'Receipts and news of orders',
};
const exampleTemplate = {
  ...newTemplate,
  id: EXAMPLE_IDS.template,
  categoryId: EXAMPLE_IDS.templateCategory,
  enabled: true,
  text: null,
  attachments: [],
};

export const exportTemplates: OperationDoc = {
  id: 'exportTemplates',
  summary: 'Export all templates',
  description:
    'All categories, and all templates that are not deleted, in their newest version. The import accepts this, ' +
    'in this gateway or another. `from` returns a backup in the own format of an account instead (NCP), which ' +
    'only the import to the same account reads. It contains the templates of all clients and needs an admin key.',
  query: exportQuery,
  idempotent: 'checked',
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
    updated: z.int().meta({ description: 'Existing templates that were changed' }),
    skipped: z.int().meta({ description: 'Templates that were equal already, or are deleted here' }),
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
      .meta({ description: 'Entries that were left out, with the reason; the first 100' }),
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
    'Imports an export of this gateway or another. A template with the same id, or with the same name in the ' +
    'same category, is updated; the others are created. Wrong entries are reported and left out. `from` copies ' +
    'the templates of a provider instead and converts their texts to the syntax of this gateway. Text without an ' +
    'equivalent (conditions, loops, macros) is reported by name and left out, and names are adapted to the rules ' +
    'for names. Repeating the import copies changes. A backup of an account is written back to that account; ' +
    'templates with the same name there may stop it half-way.',
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
      description: 'The result',
      headers: ['Idempotent-Replayed'],
      content: json(importReport, {
        imported: 12,
        updated: 1,
        skipped: 3,
        errorCount: 1,
        errors: [
          {
            pointer: '/html',
            code: 'invalid_template',
            name: 'VIP discount',
            providerTemplateId: 'VIP_SALE',
            detail: 'the directive <#if …> has no words here',
          },
        ],
      }),
    },
  ],
  problems: ['unsupported_by_provider', 'provider_retired'],
};
