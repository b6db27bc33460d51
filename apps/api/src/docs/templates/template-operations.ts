import {
  createTemplate,
  getTemplateQuery,
  listTemplatesQuery,
  previewTemplate,
  updateTemplate,
} from '../../templates/template.schema.js';
import { pathIdOf } from '../common.js';
import { EXAMPLE_IDS } from '../example-ids.js';
import { json, type OperationDoc } from '../operation.js';
import {
  exampleSummary,
  exampleTemplate,
  newTemplate,
  renderedTemplate,
  template,
  templatePage,
} from './template-schemas.js';

export const templateId = { id: pathIdOf('template', EXAMPLE_IDS.template, 'Id of the template') };

export const createTemplateOperation: OperationDoc = {
  id: 'createTemplate',
  summary: 'Make a template',
  description:
    'Texts in the same syntax as those of messages: `{{name}}` is escaped in HTML, `{{{name}}}` is not. What looks ' +
    "like a provider's syntax comes out as typed. A text that does not parse is refused with line and column.",
  idempotent: true,
  bodies: [
    {
      description: 'Name and texts; `html` or `text` is needed',
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

export const listTemplates: OperationDoc = {
  id: 'listTemplates',
  summary: 'List templates',
  description: 'Newest first, without their bodies.',
  query: listTemplatesQuery,
  answers: [
    {
      status: 200,
      description: 'Templates, newest first',
      content: json(templatePage, { data: [exampleSummary], nextCursor: null }),
    },
  ],
};

export const getTemplate: OperationDoc = {
  id: 'getTemplate',
  summary: 'Get a template',
  description: 'With the texts of its newest version, or of the one asked for. Versions never change.',
  path: templateId,
  query: getTemplateQuery,
  answers: [{ status: 200, description: 'The template', content: json(template, exampleTemplate) }],
};

export const updateTemplateOperation: OperationDoc = {
  id: 'updateTemplate',
  summary: 'Change a template',
  description:
    'Fields that are absent stay, `null` takes one away. New texts or a new sender make a new version; name, ' +
    'category, description and `enabled` belong to the template as a whole. Messages that were accepted keep the texts ' +
    'that they were accepted with.',
  path: templateId,
  bodies: [
    {
      description: 'What changes',
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
  description: 'It can be restored. To delete it again does no harm.',
  path: { id: pathIdOf('template', EXAMPLE_IDS.deletedTemplate, 'Id of the template') },
  answers: [{ status: 204, description: 'Deleted' }],
};

export const restoreTemplate: OperationDoc = {
  id: 'restoreTemplate',
  summary: 'Restore a template',
  description: 'Takes its deletion back. One that is not deleted stays as it is.',
  path: { id: pathIdOf('template', EXAMPLE_IDS.deletedTemplate, 'Id of the template') },
  answers: [{ status: 200, description: 'The template', content: json(template, exampleTemplate) }],
};

export const previewTemplateOperation: OperationDoc = {
  id: 'previewTemplate',
  summary: 'Preview a template',
  description: 'Its texts with values put in. Names without value are listed and stay as written.',
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
