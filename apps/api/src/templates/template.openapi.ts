import { z } from 'zod';
import { idOf, instant, keyId, pageOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';

export const templateSummary = z
  .object({
    id: idOf('template'),
    name: z.string(),
    categoryId: idOf('templateCategory').nullable(),
    description: z.string().nullable(),
    enabled: z.boolean(),
    version: z.int().meta({ description: 'Version of the content shown' }),
    from: z.object({ address: z.string(), name: z.string().optional() }).nullable(),
    subject: z.string(),
    createdAt: instant,
    updatedAt: instant,
    deletedAt: instant.nullable(),
    updatedBy: keyId.meta({ description: 'The API key that changed it last' }),
  })
  .meta({ id: 'TemplateSummary' });

export const template = templateSummary
  .extend({
    createdBy: keyId.meta({ description: 'The API key that wrote this version' }),
    latestVersion: z.int().meta({ description: 'Version for messages that name none' }),
    html: z.string().nullable(),
    text: z.string().nullable(),
    attachments: z.array(idOf('attachment')).meta({ description: 'Files of its messages' }),
    variables: z.array(z.string()).meta({ description: 'Names of variables' }),
  })
  .meta({ id: 'Template' });

export const templatePage = pageOf('TemplatePage', templateSummary);

export const renderedTemplate = z
  .object({
    version: z.int(),
    subject: z.string(),
    html: z.string().meta({ description: 'The body that is sent: the text as HTML if there is no `html`' }),
    text: z.string().nullable(),
    missingVariables: z
      .array(z.string())
      .meta({ description: 'Names without a value; the texts show them as written' }),
  })
  .meta({ id: 'RenderedTemplate' });

export const category = z
  .object({
    id: idOf('templateCategory'),
    name: z.string(),
    parentId: idOf('templateCategory').nullable(),
    description: z.string().nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'TemplateCategory' });

export const categoryPage = pageOf('TemplateCategoryPage', category);

const CREATED = '2026-11-20T09:00:00.000Z';

export const exampleCategory: z.input<typeof category> = {
  id: EXAMPLE_IDS.templateCategory,
  name: 'orders',
  parentId: null,
  description: 'Receipts and news of orders',
  createdAt: CREATED,
  updatedAt: CREATED,
};

const { subject, html, from } = {
  from: { address: 'no-reply@example.com', name: 'Example Shop' },
  subject: '{{name}}, your order {{order}} has left',
  html: '<p>Hello {{name}},</p><p>order <b>{{order}}</b> is on its way.</p>',
};

/** The template that a sandbox gateway creates when it starts. */
export const newTemplate = { name: 'order-shipped', description: 'When a parcel leaves', from, subject, html };

export const exampleSummary: z.input<typeof templateSummary> = {
  id: EXAMPLE_IDS.template,
  name: newTemplate.name,
  categoryId: EXAMPLE_IDS.templateCategory,
  description: newTemplate.description,
  enabled: true,
  version: 1,
  from,
  subject,
  createdAt: CREATED,
  updatedAt: CREATED,
  deletedAt: null,
  updatedBy: EXAMPLE_IDS.apiKey,
};

export const exampleTemplate: z.input<typeof template> = {
  ...exampleSummary,
  latestVersion: 1,
  createdBy: EXAMPLE_IDS.apiKey,
  html,
  text: null,
  attachments: [],
  variables: ['name', 'order'],
};
