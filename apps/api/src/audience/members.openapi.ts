import { z } from 'zod';
import { membersInput } from './groups.schema.js';
import { json, type BodyDoc, type OperationDoc } from '../openapi/operation.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { groupId } from './groups.openapi.js';

const added = z.object({ added: z.int(), ignored: z.int() }).meta({ id: 'MembersAdded' });
const removed = z.object({ removed: z.int(), ignored: z.int() }).meta({ id: 'MembersRemoved' });
const emptied = z.object({ removed: z.int() }).meta({ id: 'GroupEmptied' });

const members: BodyDoc = {
  description: 'Addresses or ids of contacts',
  schema: membersInput.meta({ id: 'Members' }),
  examples: () => ({
    addresses: { summary: 'By addresses', value: { addresses: ['kim.docs@example.com', 'choi.docs@example.com'] } },
    contacts: { summary: 'By ids', value: { contactIds: [EXAMPLE_IDS.contact] } },
  }),
};

export const addMembers: OperationDoc = {
  id: 'addMembers',
  summary: 'Add members',
  description: 'An address without a contact becomes a contact. Existing members are ignored.',
  path: groupId,
  idempotent: true,
  bodies: [members],
  answers: [
    {
      status: 200,
      description: 'Number of new members',
      headers: ['Idempotent-Replayed'],
      content: json(added, { added: 1, ignored: 1 }),
    },
  ],
};

export const removeMembers: OperationDoc = {
  id: 'removeMembers',
  summary: 'Remove members',
  description: 'They stay as contacts. Contacts that are not members are ignored.',
  path: groupId,
  bodies: [members],
  answers: [
    { status: 200, description: 'Number of removed members', content: json(removed, { removed: 1, ignored: 1 }) },
  ],
};

export const emptyGroup: OperationDoc = {
  id: 'emptyGroup',
  summary: 'Empty a group',
  description: 'Removes all members; they stay as contacts.',
  path: groupId,
  idempotent: true,
  answers: [{ status: 200, description: 'Number of removed members', content: json(emptied, { removed: 2 }) }],
};
