import { z } from 'zod';
import { contactChange, contactInput, contactListQuery } from './contacts.schema.js';
import { CSV, NDJSON } from '../http/bodies/body-parsers.js';
import { idOf, instant, listing, pageOf, pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import { fieldError } from '../openapi/problem-answers.js';

const contact = z
  .object({
    id: idOf('contact'),
    externalId: z.string().nullable(),
    name: z.string().nullable(),
    addresses: z.array(z.string()),
    groups: z.array(z.string()).meta({ description: 'Names' }),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Contact' });

const contactPage = pageOf('ContactPage', contact);

const importResult = z
  .object({
    imported: z.int().meta({ description: 'New contacts' }),
    updated: z.int().meta({ description: 'Rows that changed an existing contact' }),
    rejected: z.int().meta({ description: 'Rows that were left out' }),
    errors: z.array(fieldError).max(100).meta({ description: 'The first 100, by line' }),
    errorCount: z.int(),
  })
  .meta({ id: 'ImportResult' });

/** The example that a sandbox gateway has. */
export const exampleContact = {
  externalId: 'docs-17',
  name: 'Kim',
  addresses: ['kim.docs@example.com', 'kim.docs@example.org'],
  groups: ['docs-vip'],
  attributes: { city: 'Seoul', points: 120 },
};

/** Made by who presses the example. */
export const newContact: z.input<typeof contactInput> = {
  externalId: 'docs-18',
  name: 'Lee',
  addresses: ['lee.docs@example.com'],
  groups: ['docs-vip'],
  attributes: { city: 'Busan' },
};

const shown: z.input<typeof contact> = {
  id: EXAMPLE_IDS.contact,
  ...exampleContact,
  createdAt: '2026-11-20T09:00:00.000Z',
  updatedAt: '2026-11-20T09:00:00.000Z',
};

const contactId = { id: pathIdOf('contact', EXAMPLE_IDS.contact, 'Id of the contact') };

export const createContact: OperationDoc = {
  id: 'createContact',
  summary: 'Create a contact',
  description: 'An address and an external id belong to one contact. Groups are given by name and must exist.',
  idempotent: true,
  bodies: [
    {
      description: 'The contact',
      schema: contactInput.meta({ id: 'NewContact' }),
      examples: () => ({ contact: { summary: 'With values for messages', value: newContact } }),
    },
  ],
  answers: [
    {
      status: 201,
      description: 'The contact',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(contact, shown),
    },
  ],
};

export const listContacts = listing({
  id: 'listContacts',
  summary: 'List contacts',
  description: 'Newest first.',
  query: contactListQuery,
  page: contactPage,
  holds: 'Contacts',
  example: shown,
});

export const getContact: OperationDoc = {
  id: 'getContact',
  summary: 'Get a contact',
  description: 'With its addresses and groups.',
  path: contactId,
  answers: [{ status: 200, description: 'The contact', content: json(contact, shown) }],
};

export const updateContact: OperationDoc = {
  id: 'updateContact',
  summary: 'Change a contact',
  description:
    'Fields that are absent or `null` stay as they are; `addresses`, `groups` and `attributes` are replaced as a whole. ' +
    'An empty `externalId` or `name` clears it.',
  path: contactId,
  bodies: [
    {
      description: 'The changes',
      schema: contactChange.meta({ id: 'ContactChange' }),
      examples: () => ({
        values: { summary: 'Other values', value: { attributes: { city: 'Seoul', points: 150 } } },
        groups: { summary: 'Other groups', value: { groups: ['docs-vip'] } },
      }),
    },
  ],
  answers: [{ status: 200, description: 'The contact as it is now', content: json(contact, shown) }],
};

export const deleteContact: OperationDoc = {
  id: 'deleteContact',
  summary: 'Delete a contact',
  description: 'It leaves its groups. Messages that were sent to it keep their recipients.',
  path: contactId,
  answers: [{ status: 204, description: 'Deleted' }],
};

const rows = [
  {
    externalId: 'docs-17',
    name: 'Kim',
    addresses: ['kim.docs@example.com'],
    groups: ['docs-vip'],
    attributes: { points: 130 },
  },
  { externalId: 'docs-19', addresses: ['park.docs@example.com'], groups: ['docs-newsletter'] },
];

const csv =
  'externalId,name,address,groups\r\ndocs-17,Kim,kim.docs@example.com,docs-vip\r\ndocs-19,"Park, J.",park.docs@example.com,docs-vip;docs-newsletter\r\n';

export const importContacts: OperationDoc = {
  id: 'importContacts',
  summary: 'Import contacts',
  description:
    'Reads any number of rows as a stream. A row concerns the contact with its external id, otherwise the ' +
    'contact with its address, otherwise a new one; rows with the same external id are one contact. Addresses, ' +
    'groups and attributes are added, never removed; missing groups are created. Wrong rows are reported and ' +
    'left out; the others are imported in one transaction.',
  idempotent: true,
  bodies: [
    {
      mediaType: NDJSON,
      description: 'One contact per line, as for `POST /v1/contacts`.',
      schema: z.string().meta({ contentMediaType: NDJSON, description: 'Lines of JSON' }),
      examples: () => ({
        lines: { summary: 'Two contacts', value: rows.map((row) => `${JSON.stringify(row)}\n`).join('') },
      }),
    },
    {
      mediaType: CSV,
      description: 'The first line names the columns: `externalId,name,address,groups`, groups split by `;`.',
      schema: z.string().meta({ contentMediaType: CSV, description: 'UTF-8, RFC 4180' }),
      examples: () => ({ rows: { summary: 'Two contacts', value: csv } }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'The result',
      headers: ['Idempotent-Replayed'],
      content: json(importResult, {
        imported: 1,
        updated: 1,
        rejected: 1,
        errors: [{ line: 4, pointer: '/address', code: 'invalid_address', detail: 'is not an e-mail address' }],
        errorCount: 1,
      }),
    },
  ],
};
