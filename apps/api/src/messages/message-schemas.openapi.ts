import {
  categories,
  deliveries,
  messageStatusMeanings,
  recipientStatuses,
  stickyModes,
  withholdings,
  type RecipientStatus,
} from '@gateway/core';
import { z } from 'zod';
import { explainedEnum, idOf, instant, pageOf } from '../openapi/common.js';

export const messageStatus = explainedEnum(
  'MessageStatus',
  'Derived from the statuses of the recipients.',
  messageStatusMeanings,
);

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
        reasons: z.array(z.string()).meta({ description: 'Why it cannot send the message' }),
        outside: z
          .literal(true)
          .optional()
          .meta({ description: 'The route keeps the message from it, whatever it can do' }),
      }),
    ),
    failovers: z.array(z.object({ from: z.string(), to: z.string(), reason: z.string() })),
    route: z
      .object({
        id: idOf('route').optional(),
        name: z.string(),
        version: z.int(),
        sticky: z.enum(stickyModes).optional(),
        draw: z.string().optional().meta({ description: 'The draw among the weights can be made again from it' }),
      })
      .nullable()
      .optional()
      .meta({
        description:
          'The route that decided; `PROVIDER_ORDER` where none matched; null: the caller named the account; absent: ' +
          'accepted before there were routes',
      }),
  })
  .meta({ id: 'Routing', description: 'The choice of the account, with reasons' });

const waiting = z
  .object({
    account: z.string(),
    reason: z.string().meta({ description: '`provider_unavailable`, `throttled` or `quota`' }),
    detail: z.string(),
    since: instant.nullable(),
    until: instant
      .nullable()
      .meta({ description: 'When it is tried again; null: when an operator resumes the account' }),
  })
  .nullable()
  .meta({
    description:
      'Why queued recipients do not go now: their account is paused, out of order, as fast as it may be, or its quota ' +
      'is used up. Derived from the account: the batches stay `queued`',
  });

const template = z
  .object({
    id: idOf('template').optional(),
    version: z.int().optional(),
    provider: z.string().optional(),
    providerTemplateId: z.string().optional(),
  })
  .nullable()
  .meta({ description: 'Source of the texts: `{id, version}`, or `{provider, providerTemplateId}`' });

export const message = z
  .object({
    id: idOf('message'),
    status: messageStatus,
    category: z.enum(categories),
    delivery: z.enum(deliveries),
    provider: z.string().meta({ description: 'The requested account, or `auto`' }),
    routing,
    from: z.object({ address: z.string(), name: z.string().optional() }),
    subject: z
      .string()
      .nullable()
      .meta({
        description:
          "As given, before substitution; empty: that of the provider's template; null: erased, or withheld " +
          '(`contentWithheld`)',
      }),
    contentWithheld: z
      .enum(withholdings)
      .nullable()
      .meta({
        description:
          'Why subject, html and text are null although they are kept. `authentication`: login codes are never read back, ' +
          'nor are the variables of their recipients. `key_missing`: they are encrypted, and CONTENT_KEYS of the gateway ' +
          'has not the key',
      }),
    template,
    audience: z.unknown().meta({
      description:
        'As given; null: the message has recipients of its own. Recipients are found when the message is due',
    }),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.unknown()),
    recipientCount: z.int(),
    suppressedCount: z.int().meta({ description: 'Recipients that were left out because of the suppression list' }),
    batchCount: z.int().meta({ description: 'Number of provider requests' }),
    counts,
    waiting,
    createdAt: instant,
    sendAt: instant.nullable(),
    redriveOf: z
      .string()
      .nullable()
      .meta({ description: 'The message that this one repeats for some of its recipients' }),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Message' });

export const messageSummary = message
  .extend({
    to: z.string().nullable().meta({
      description: 'Address of the first recipient; null: erased, or the recipients are not known yet',
    }),
    completedAt: instant.nullable().meta({ description: 'Time when every recipient was settled' }),
    releasedAt: instant.nullable().meta({ description: 'Time when a held message was released' }),
    erasedAt: instant.nullable().meta({
      description:
        'Time when subject, texts, variables, metadata, recipients and events were erased because the retention ' +
        'period was over',
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
    hold: z.boolean().meta({ description: 'It would be held until it is released' }),
    recipientCount: z.int(),
    rejectedCount: z
      .int()
      .optional()
      .meta({ description: 'For an audience: recipients that lack a value, or that the account cannot send to' }),
    suppressed: z.array(z.string()).meta({ description: 'The first 100 addresses that would be left out' }),
    suppressedCount: z.int().meta({ description: 'Number of recipients that would be left out' }),
    quotaCost: z.int().meta({ description: "Recipients that count against the account's quota" }),
    batchCount: z.int(),
    batches: z
      .array(z.object({ positionFrom: z.int(), positionTo: z.int(), recipientCount: z.int() }))
      .meta({ description: 'The first 100 provider requests, as ranges of recipients' }),
    rendered: z
      .object({ address: z.string(), subject: z.string(), html: z.string() })
      .meta({ description: 'The mail of the first recipient' }),
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
      .meta({ description: 'The first 3 requests exactly as they would be sent, with secrets masked' }),
  })
  .meta({ id: 'Preview' });

export const release = message
  .pick({ id: true, status: true, sendAt: true })
  .extend({ releasedAt: instant.nullable() })
  .meta({ id: 'Release' });

export const cancellation = z
  .object({
    cancelled: z.int().meta({ description: 'Recipients that will not get the mail' }),
    tooLate: z.int().meta({ description: 'Recipients that a provider has accepted, or may have accepted' }),
  })
  .meta({ id: 'Cancellation' });
