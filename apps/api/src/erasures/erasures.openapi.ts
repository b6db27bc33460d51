import { z } from 'zod';
import { idOf, instant, listing, pageOf, pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import { listErasures, newErasure } from './erasures.schema.js';

const counts = z
  .object({
    messages: z.int().meta({ description: 'Messages to one recipient, erased as a whole' }),
    recipients: z.int(),
    events: z.int(),
    contacts: z.int().meta({ description: 'Contacts that lost an address, or were deleted with their last one' }),
    suppressions: z
      .int()
      .meta({ description: 'Entries that are in force by a keyed hash from now on, or were not in force' }),
    attachments: z.int().meta({ description: 'Files that only erased messages had' }),
    storedAnswers: z
      .int()
      .meta({ description: 'First answers to requests with an Idempotency-Key, such as import reports' }),
    webhookDeliveries: z.int(),
    providerCopies: z.int().meta({ description: "Entries of accounts' own suppression lists" }),
  })
  .meta({ id: 'ErasureCounts', description: 'What was erased' });

const mentions = z
  .object({
    days: z.int(),
    looked: z
      .int()
      .meta({ description: 'Messages that were looked at, the newest first: up to 1,000,000, with `dryRun` 10,000' }),
    complete: z.boolean().meta({ description: 'All messages of these days were looked at' }),
    messages: z.int().meta({ description: 'Messages to others whose texts or variables contain an address' }),
    messageIds: z.array(z.string()).meta({ description: 'The newest 100 of them' }),
  })
  .meta({
    id: 'ErasureMentions',
    description:
      'With `mentionDays`: the addresses in mail to others, which is not erased. Variables of recipients are read in ' +
      'messages to up to 1,000',
  });

const erasure = z
  .object({
    id: idOf('erasure'),
    client: z.string().optional().meta({
      description: "Only what belongs to this client is erased: its own administrator's request. Absent: all",
    }),
    status: z.enum(['queued', 'running', 'pending', 'completed']).meta({
      description: '`pending`: everything but mail under way is erased; the rest follows as soon as it is final',
    }),
    reason: z.string().nullable(),
    requestedAt: instant,
    completedAt: instant.nullable(),
    requestedBy: z.string().nullable().meta({ description: 'The API key' }),
    addressCount: z.int(),
    counts,
    pending: z
      .int()
      .meta({ description: 'Recipients whose mail is under way, and copies still to be erased at accounts' }),
    remaining: z
      .array(z.object({ provider: z.string(), until: instant.nullable() }))
      .meta({ description: "Vendors that keep their own record, and until when; null: their documents don't say" }),
    mentions: mentions.optional(),
    sha256: z
      .string()
      .nullable()
      .meta({
        description:
          'Of the completed receipt without `sha256` and `requestedBy`, as JSON without blanks and with the members of ' +
          'all objects in alphabetical order',
      }),
  })
  .meta({ id: 'Erasure', description: 'An erasure and its receipt, which has no address' });

const nothing = {
  messages: 0,
  recipients: 0,
  events: 0,
  contacts: 0,
  suppressions: 0,
  attachments: 0,
  storedAnswers: 0,
  webhookDeliveries: 0,
  providerCopies: 0,
};

const requested: z.input<typeof erasure> = {
  id: EXAMPLE_IDS.erasure,
  status: 'queued',
  reason: 'request 2026-117',
  requestedAt: '2026-11-20T09:00:00.000Z',
  completedAt: null,
  requestedBy: EXAMPLE_IDS.apiKey,
  addressCount: 1,
  counts: nothing,
  pending: 0,
  remaining: [],
  sha256: null,
};

const completed: z.input<typeof erasure> = {
  ...requested,
  status: 'completed',
  completedAt: '2026-11-20T09:00:02.100Z',
  counts: { ...nothing, messages: 2, recipients: 3, events: 14, contacts: 1, suppressions: 1 },
  remaining: [{ provider: 'ncp', until: '2027-01-21T08:00:00.000Z' }],
  sha256: '5f2b6d6a6f6f0d2f0c7f8f6d2a9e4b3c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a',
};

const plan = z
  .object({ counts, pending: z.int(), mentions: mentions.optional() })
  .meta({ id: 'ErasurePlan', description: 'What would be erased now: mail, contacts and suppressions' });

export const requestErasure: OperationDoc = {
  id: 'requestErasure',
  summary: 'Erase everything about some addresses',
  description:
    'Erases the addresses, and names, variables and texts that belong to them, wherever the gateway keeps them, of all ' +
    'clients: in messages, recipients, events, contacts, stored answers, webhook deliveries and lists at accounts. ' +
    'Messages to one recipient are erased as a whole. Counts and statistics stay, and suppressions stay in force by a ' +
    'keyed hash. Mail under way is waited for. An administrator of one client erases what belongs to that client; suppressions and ' +
    'accounts belong to all and stay. Everything accepted before the request is erased; what comes later is ' +
    'new. To export first: `GET /v1/recipients?address=` with `Accept: application/x-ndjson`.',
  idempotent: true,
  bodies: [
    {
      description: 'The addresses',
      schema: newErasure,
      examples: () => ({
        plan: { summary: 'only count', value: { addresses: ['former-customer@example.com'], dryRun: true } },
        erase: {
          summary: 'erase',
          value: { addresses: ['former-customer@example.com'], reason: 'request 2026-117' },
        },
      }),
    },
  ],
  answers: [
    {
      status: 202,
      description: 'The erasure, which a worker carries out',
      headers: ['Location', 'Idempotent-Replayed'],
      content: json(erasure, requested),
    },
    {
      status: 200,
      description: 'With `dryRun`: what would be erased',
      content: json(plan, { counts: { ...nothing, messages: 2, recipients: 3, contacts: 1 }, pending: 0 }),
    },
  ],
};

export const listErased = listing({
  id: 'listErasures',
  summary: 'List erasures',
  description: 'Newest first.',
  query: listErasures,
  page: pageOf('ErasurePage', erasure),
  holds: 'Erasures',
  example: completed,
});

export const getErasure: OperationDoc = {
  id: 'getErasure',
  summary: 'Get an erasure',
  description: 'The receipt, once it is completed.',
  path: { id: pathIdOf('erasure', EXAMPLE_IDS.erasure, 'Id of the erasure') },
  answers: [{ status: 200, description: 'The erasure', content: json(erasure, completed) }],
  problems: ['not_found'],
};
