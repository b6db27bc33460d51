import { z } from 'zod';
import { groupChange, groupInput, groupListQuery } from './groups.schema.js';
import { idOf, instant, listing, pageOf, pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';

const group = z
  .object({
    id: idOf('group'),
    name: z.string(),
    description: z.string().nullable(),
    memberCount: z.int().meta({ description: 'Contacts in it' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Group' });

const groupPage = pageOf('GroupPage', group);

/** The example that a sandbox gateway has. */
export const exampleGroup = { name: 'docs-vip', description: 'Bought for more than a million' };

/** Made by who presses the example. */
export const newGroup: z.input<typeof groupInput> = { name: 'docs-신규', description: 'Came this month' };

const shown: z.input<typeof group> = {
  id: EXAMPLE_IDS.group,
  ...exampleGroup,
  memberCount: 2,
  createdAt: '2026-11-20T09:00:00.000Z',
  updatedAt: '2026-11-20T09:00:00.000Z',
};

export const groupId = { id: pathIdOf('group', EXAMPLE_IDS.group, 'Id of the group') };

export const createGroup: OperationDoc = {
  id: 'createGroup',
  summary: 'Create a group',
  description: 'A message names groups in its `audience`. Names are unique.',
  idempotent: true,
  bodies: [
    {
      description: 'The group',
      schema: groupInput.meta({ id: 'NewGroup' }),
      examples: () => ({ group: { summary: 'A group', value: newGroup } }),
    },
  ],
  answers: [
    {
      status: 201,
      description: 'The group',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(group, shown),
    },
  ],
};

export const listGroups = listing({
  id: 'listGroups',
  summary: 'List groups',
  description: 'Newest first, with the number of their members.',
  query: groupListQuery,
  page: groupPage,
  holds: 'Groups',
  example: shown,
});

export const getGroup: OperationDoc = {
  id: 'getGroup',
  summary: 'Get a group',
  description: 'With the number of its members; `GET /v1/contacts?group=` lists them.',
  path: groupId,
  answers: [{ status: 200, description: 'The group', content: json(group, shown) }],
};

export const updateGroup: OperationDoc = {
  id: 'updateGroup',
  summary: 'Rename a group',
  description:
    'Fields that are absent or `null` stay as they are; an empty `description` clears it. Messages that wait for their ' +
    'time keep to the group under its new name.',
  path: groupId,
  bodies: [
    {
      description: 'The changes',
      schema: groupChange.meta({ id: 'GroupChange' }),
      examples: () => ({ describe: { summary: 'Other words', value: { description: 'Our best customers' } } }),
    },
  ],
  answers: [{ status: 200, description: 'The group as it is now', content: json(group, shown) }],
};

export const deleteGroup: OperationDoc = {
  id: 'deleteGroup',
  summary: 'Delete a group',
  description: 'Its members stay as contacts. A message that waits for it fails, so that no one gets it by mistake.',
  path: groupId,
  answers: [{ status: 204, description: 'Deleted' }],
};
