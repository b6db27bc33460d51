import { createCategory, listCategoriesQuery, updateCategory } from './template.schema.js';
import { listing, pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import { category, categoryPage, exampleCategory } from './template.openapi.js';

const path = { id: pathIdOf('templateCategory', EXAMPLE_IDS.templateCategory, 'Id of the category') };

export const createTemplateCategory: OperationDoc = {
  id: 'createTemplateCategory',
  summary: 'Create a category',
  description: 'At the root or below another category, at most 10 levels deep.',
  idempotent: true,
  bodies: [
    {
      description: 'Name and parent',
      schema: createCategory.meta({ id: 'NewTemplateCategory' }),
      examples: () => ({
        root: { summary: 'At the root', value: { name: 'invoices' } },
        child: {
          summary: 'Below another',
          value: { name: 'returns', parentId: EXAMPLE_IDS.templateCategory, description: 'When a parcel comes back' },
        },
      }),
    },
  ],
  answers: [
    {
      status: 201,
      description: 'The category',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(category, exampleCategory),
    },
  ],
};

export const listTemplateCategories = listing({
  id: 'listTemplateCategories',
  summary: 'List categories',
  description: 'Newest first, of the whole tree or below one category.',
  query: listCategoriesQuery,
  page: categoryPage,
  holds: 'Categories, newest first',
  example: exampleCategory,
});

export const getTemplateCategory: OperationDoc = {
  id: 'getTemplateCategory',
  summary: 'Get a category',
  description: 'One category of your own.',
  path,
  answers: [{ status: 200, description: 'The category', content: json(category, exampleCategory) }],
};

export const updateTemplateCategory: OperationDoc = {
  id: 'updateTemplateCategory',
  summary: 'Change a category',
  description:
    'Fields that are absent or `null` stay as they are; an empty `description` clears it, and an empty `parentId` moves the ' +
    'category to the root. A category cannot be below itself.',
  path,
  bodies: [
    {
      description: 'The changes',
      schema: updateCategory.meta({ id: 'TemplateCategoryChanges' }),
      examples: () => ({ describe: { summary: 'Another description', value: { description: 'All about orders' } } }),
    },
  ],
  answers: [{ status: 200, description: 'The category', content: json(category, exampleCategory) }],
};

export const deleteTemplateCategory: OperationDoc = {
  id: 'deleteTemplateCategory',
  summary: 'Delete a category',
  description:
    'Only if it contains no category and no template (`409 not_empty`). Deleted templates of the category return ' +
    'at the root when they are restored.',
  path: { id: pathIdOf('templateCategory', EXAMPLE_IDS.emptyCategory, 'Id of the category') },
  answers: [{ status: 204, description: 'Deleted' }],
  problems: ['not_empty'],
};
