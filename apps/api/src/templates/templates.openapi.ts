import {
  createTemplate,
  getTemplateQuery,
  listTemplatesQuery,
  previewTemplate,
  updateTemplate,
} from './template.schema.js';
import { listing, pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import {
  exampleSummary,
  exampleTemplate,
  newTemplate,
  renderedTemplate,
  template,
  templatePage,
} from './template.openapi.js';

export const templateId = { id: pathIdOf('template', EXAMPLE_IDS.template, 'Id of the template') };

export const createTemplateOperation: OperationDoc = {
  id: 'createTemplate',
  summary: 'Create a template',
  description:
    'Texts have the same syntax as those of messages: `{{name}}` is escaped in HTML, `{{{name}}}` is not. Text ' +
    'that looks like the syntax of a provider arrives as typed. A text that cannot be parsed is refused with ' +
    'line and column.',
  idempotent: true,
  bodies: [
    {
      description: 'Name and texts; `html` or `text` is required',
      schema: createTemplate.meta({ id: 'NewTemplate' }),
      examples: () => ({
        html: {
          summary: 'With sender, in a category',
          value: { ...newTemplate, categoryId: EXAMPLE_IDS.templateCategory },
        },
        text: {
          summary: 'Plain text, not yet in use',
          value: { name: 'welcome', subject: 'Welcome, {{name}}', text: 'Nice to meet you.', enabled: false },
        },
      }),
    },
  ],
  answers: [
    {
      status: 201,
      description: 'The template, version 1',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(template, exampleTemplate),
    },
  ],
};

export const listTemplates = listing({
  id: 'listTemplates',
  summary: 'List templates',
  description: 'Newest first, without their bodies.',
  query: listTemplatesQuery,
  page: templatePage,
  holds: 'Templates, newest first',
  example: exampleSummary,
});

export const getTemplate: OperationDoc = {
  id: 'getTemplate',
  summary: 'Get a template',
  description: 'With the texts of the newest or the requested version. Versions never change.',
  path: templateId,
  query: getTemplateQuery,
  answers: [{ status: 200, description: 'The template', content: json(template, exampleTemplate) }],
};

export const updateTemplateOperation: OperationDoc = {
  id: 'updateTemplate',
  summary: 'Change a template',
  description:
    'Fields that are absent or `null` stay as they are. An empty text or list clears a field, and an empty ' +
    '`categoryId` moves the template to the root. New texts or a new sender create a new version; name, ' +
    'category, description and `enabled` belong to the template as a whole. Accepted messages keep their texts.',
  path: templateId,
  bodies: [
    {
      description: 'The changes',
      schema: updateTemplate.meta({ id: 'TemplateChanges' }),
      examples: () => ({
        subject: { summary: 'A new version', value: { subject: 'Order {{order}} has left, {{name}}' } },
        disable: { summary: 'No new version', value: { description: 'When a parcel leaves the house' } },
      }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'The template with its newest version',
      content: json(template, { ...exampleTemplate, version: 2, latestVersion: 2 }),
    },
  ],
};

export const deleteTemplate: OperationDoc = {
  id: 'deleteTemplate',
  summary: 'Delete a template',
  description: 'The template can be restored. Deleting it again has no effect.',
  path: { id: pathIdOf('template', EXAMPLE_IDS.deletedTemplate, 'Id of the template') },
  answers: [{ status: 204, description: 'Deleted' }],
};

export const restoreTemplate: OperationDoc = {
  id: 'restoreTemplate',
  summary: 'Restore a template',
  description: 'Undoes the deletion. A template that is not deleted stays as it is.',
  path: { id: pathIdOf('template', EXAMPLE_IDS.deletedTemplate, 'Id of the template') },
  idempotent: true,
  answers: [{ status: 200, description: 'The template', content: json(template, exampleTemplate) }],
};

export const previewTemplateOperation: OperationDoc = {
  id: 'previewTemplate',
  summary: 'Preview a template',
  description: 'The texts with the given values. Names without a value are listed and stay as written.',
  path: templateId,
  bodies: [
    {
      description: 'Values',
      schema: previewTemplate.meta({ id: 'TemplatePreview' }),
      examples: () => ({
        values: { summary: 'With a value for each', value: { variables: { name: 'Kim & Lee', order: 'A-17' } } },
        missing: { summary: 'One is missing', value: { variables: { name: 'Kim' } } },
      }),
    },
  ],
  idempotent: 'checked',
  answers: [
    {
      status: 200,
      description: 'The texts',
      content: json(renderedTemplate, {
        version: 1,
        subject: 'Kim & Lee, your order A-17 has left',
        html: '<p>Hello Kim &amp; Lee,</p><p>order <b>A-17</b> is on its way.</p>',
        text: null,
        missingVariables: [],
      }),
    },
  ],
};
