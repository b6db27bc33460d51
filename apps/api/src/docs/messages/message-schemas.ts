import { categories, deliveries, messageStatuses, recipientStatuses, type RecipientStatus } from '@gateway/core';
import { z } from 'zod';
import { idOf, instant, pageOf } from '../common.js';

const counts = z
  .object(Object.fromEntries(recipientStatuses.map((status) => [status, z.int()])) as Record<RecipientStatus, z.ZodInt>)
  .meta({ id: 'RecipientCounts', description: 'Number of recipients by status' });

const routing = z
  .object({
    provider: z.string().meta({ description: 'The account that gets the message' }),
    candidates: z.array(
      z.object({
        provider: z.string(),
        able: z.boolean(),
        reasons: z.array(z.string()).meta({ description: 'Why it is not able' }),
      }),
    ),
    failovers: z.array(z.object({ from: z.string(), to: z.string(), reason: z.string() })),
  })
  .meta({ id: 'Routing', description: 'Which account was chosen, and why' });

const template = z
  .object({
    id: idOf('template').optional(),
    version: z.int().optional(),
    provider: z.string().optional(),
    providerTemplateId: z.string().optional(),
  })
  .nullable()
  .meta({ description: 'Where the texts came from: `{id, version}`, or `{provider, providerTemplateId}`' });

export const message = z
  .object({
    id: idOf('message'),
    status: z.enum(messageStatuses).meta({ description: 'Derived from the statuses of the recipients' }),
    category: z.enum(categories),
    delivery: z.enum(deliveries),
    provider: z.string().meta({ description: 'What the caller asked for' }),
    routing,
    from: z.object({ address: z.string(), name: z.string().optional() }),
    subject: z.string().nullable().meta({
      description: "As it was given, variables not yet put in; empty: the provider template's; null: it was erased",
    }),
    template,
    audience: z.unknown().meta({
      description: 'As it was given; null: the message has recipients of its own. Recipients are found when it is due',
    }),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.unknown()),
    recipientCount: z.int(),
    suppressedCount: z.int().meta({ description: 'Recipients that were left out because of an opt-out' }),
    batchCount: z.int().meta({ description: 'Number of provider requests' }),
    counts,
    createdAt: instant,
    sendAt: instant.nullable(),
    redriveOf: z.string().nullable().meta({ description: 'The message whose failed recipients these are' }),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Message' });

export const messageSummary = message
  .extend({
    completedAt: instant.nullable().meta({ description: 'When every recipient was settled' }),
    erasedAt: instant.nullable().meta({
      description:
        'When subject, texts, variables, metadata, recipients and events were erased, its period of retention being over',
    }),
  })
  .meta({ id: 'MessageSummary' });

export const messageDetail = messageSummary
  .extend({
    html: z.string().nullable(),
    text: z.string().nullable(),
    attachments: z.array(idOf('attachment')),
    batches: z.record(z.string(), z.int()).meta({ description: 'Number of provider requests by status' }),
  })
  .meta({ id: 'MessageDetail' });

export const messagePage = pageOf('MessagePage', messageSummary);

export const preview = z
  .object({
    provider: z.string().meta({ description: 'The account that would get the message' }),
    routing,
    recipientCount: z.int(),
    rejectedCount: z
      .int()
      .optional()
      .meta({ description: 'Of an audience: recipients that lack a value, or that the account can not write to' }),
    suppressed: z.array(z.string()).meta({ description: 'The first 100 addresses that would be left out' }),
    suppressedCount: z.int().meta({ description: 'Number of recipients that would be left out' }),
    quotaCost: z.int().meta({ description: "Recipients that count against the account's quota" }),
    batchCount: z.int(),
    batches: z
      .array(z.object({ positionFrom: z.int(), positionTo: z.int(), recipientCount: z.int() }))
      .meta({ description: 'The first 100 provider requests, as ranges of recipients' }),
    rendered: z
      .object({ address: z.string(), subject: z.string(), html: z.string() })
      .meta({ description: 'As the first recipient reads it' }),
    requests: z
      .array(
        z.object({
          operation: z.string(),
          method: z.string(),
          url: z.string(),
          headers: z.record(z.string(), z.string()),
          body: z.unknown(),
          recipientsNotShown: z.int(),
        }),
      )
      .meta({ description: 'The first 3 requests exactly as they would be posted, secrets masked' }),
  })
  .meta({ id: 'Preview' });

export const cancellation = z
  .object({
    cancelled: z.int().meta({ description: 'Recipients that will not get the mail' }),
    tooLate: z.int().meta({ description: 'Recipients whose mail a provider has, or may have' }),
  })
  .meta({ id: 'Cancellation' });
