import { categories, deliveries, messageStatuses, reasons, recipientStatuses } from '@gateway/core';
import type { ApiBodyOptions } from '@nestjs/swagger';
import { z } from 'zod';
import { messageSchema } from '../messages/message.schema.js';
import { toJsonSchema, type AnswerDoc } from './answers.js';
import { EXAMPLE_MESSAGE_ID } from './example-ids.js';

const instant = z.iso.datetime();
const counts = z.object(Object.fromEntries(recipientStatuses.map((status) => [status, z.int()])));
const page = <T extends z.ZodType>(entry: T) => z.object({ data: z.array(entry), nextCursor: z.string().nullable() });

const routing = z.object({
  provider: z.string().meta({ description: 'The account that gets the message' }),
  candidates: z.array(z.object({ provider: z.string(), able: z.boolean(), reasons: z.array(z.string()) })),
  failovers: z.array(z.object({ from: z.string(), to: z.string(), reason: z.string() })),
});

const message = z.object({
  id: z.string(),
  status: z.enum(messageStatuses),
  category: z.enum(categories),
  delivery: z.enum(deliveries),
  provider: z.string().meta({ description: 'What the caller asked for' }),
  routing,
  from: z.object({ address: z.string(), name: z.string().optional() }),
  subject: z.string(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  recipientCount: z.int(),
  suppressedCount: z.int(),
  batchCount: z.int(),
  counts,
  createdAt: instant,
  sendAt: instant.nullable(),
  warnings: z.array(z.string()),
});

const summary = message.extend({ completedAt: instant.nullable() });
const detail = summary.extend({
  html: z.string().nullable(),
  text: z.string().nullable(),
  batches: z.record(z.string(), z.int()).meta({ description: 'Number of batches by status' }),
});

const recipient = z.object({
  messageId: z.string(),
  position: z.int(),
  address: z.string(),
  name: z.string().nullable(),
  type: z.enum(['to', 'cc', 'bcc']),
  status: z.enum(recipientStatuses),
  final: z.boolean(),
  reason: z.enum(reasons).nullable(),
  bounceType: z.enum(['hard', 'soft']).nullable(),
  provider: z.object({
    name: z.string().nullable(),
    requestId: z.string().nullable(),
    mailId: z.string().nullable(),
    code: z.string().nullable(),
    message: z.string().nullable(),
  }),
  updatedAt: instant,
  deliveredAt: instant.nullable(),
  openedAt: instant.nullable(),
});

const attempt = z.object({
  number: z.int(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  outcome: z.enum(['accepted', 'refused', 'unconfirmed', 'adopted', 'absent']).nullable(),
  httpStatus: z.int().nullable(),
  providerCode: z.string().nullable(),
  providerMessage: z.string().nullable(),
  detail: z.string().nullable(),
});

const batch = z.object({
  id: z.string(),
  provider: z.string(),
  operation: z.string().nullable(),
  status: z.string(),
  positionFrom: z.int(),
  positionTo: z.int(),
  recipientCount: z.int(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  attempts: z.array(attempt),
  providerRequestId: z.string().nullable(),
  nextAttemptAt: instant.nullable(),
  nextPollAt: instant.nullable(),
});

const event = z.object({
  id: z.string(),
  at: instant,
  type: z.string(),
  messageId: z.string(),
  batchId: z.string().optional(),
  position: z.int().optional(),
  address: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});

const exampleCounts = Object.fromEntries(recipientStatuses.map((status) => [status, status === 'delivered' ? 2 : 0]));

const exampleMessage = {
  id: EXAMPLE_MESSAGE_ID,
  status: 'completed',
  category: 'transactional',
  delivery: 'individual',
  provider: 'auto',
  routing: {
    provider: 'ncp',
    candidates: [
      { provider: 'ncp', able: true, reasons: [] },
      { provider: 'nhn', able: true, reasons: [] },
    ],
    failovers: [],
  },
  from: { address: 'no-reply@example.com', name: 'Example Shop' },
  subject: '{{name}}, your order {{order}} has left',
  tags: ['orders'],
  metadata: { orderSystem: 'web' },
  recipientCount: 2,
  suppressedCount: 0,
  batchCount: 1,
  counts: exampleCounts,
  createdAt: '2026-11-20T09:00:00.000Z',
  sendAt: null,
  warnings: [],
};

const exampleSummary = { ...exampleMessage, completedAt: '2026-11-20T09:00:06.120Z' };

const exampleRecipient = {
  messageId: EXAMPLE_MESSAGE_ID,
  position: 0,
  address: 'kim@example.com',
  name: 'Kim',
  type: 'to',
  status: 'delivered',
  final: true,
  reason: null,
  bounceType: null,
  provider: {
    name: 'ncp',
    requestId: '20261120000000012301',
    mailId: '20261120000000056701',
    code: 'MAIL_SENT',
    message: null,
  },
  updatedAt: '2026-11-20T09:00:06.120Z',
  deliveredAt: '2026-11-20T09:00:06.120Z',
  openedAt: null,
};

const accepts = (status: number, description: string): Pick<AnswerDoc, 'status' | 'description'> => ({
  status,
  description,
});

export const accepted: AnswerDoc = {
  ...accepts(202, 'Accepted: durable, and on its way to the provider'),
  schema: message,
  example: { ...exampleMessage, status: 'queued', counts: { ...exampleCounts, delivered: 0, queued: 2 } },
};

export const preview: AnswerDoc = {
  ...accepts(200, 'What would happen'),
  schema: z.object({
    provider: z.string(),
    routing,
    recipientCount: z.int(),
    suppressed: z.array(z.string()),
    quotaCost: z.int(),
    batchCount: z.int(),
    batches: z.array(z.object({ positionFrom: z.int(), positionTo: z.int(), recipientCount: z.int() })),
    rendered: z.object({ address: z.string(), subject: z.string(), html: z.string() }),
    requests: z
      .array(z.record(z.string(), z.unknown()))
      .meta({ description: 'Exactly what would be posted, secrets masked' }),
  }),
  example: {
    provider: 'ncp',
    routing: exampleMessage.routing,
    recipientCount: 2,
    suppressed: [],
    quotaCost: 2,
    batchCount: 1,
    batches: [{ positionFrom: 0, positionTo: 1, recipientCount: 2 }],
    rendered: { address: 'kim@example.com', subject: 'Kim, your order A-17 has left', html: '<p>Hello Kim</p>' },
    requests: [],
  },
};

export const cancellation: AnswerDoc = {
  ...accepts(200, 'Number of recipients that were cancelled, and for which it was too late'),
  schema: z.object({ cancelled: z.int(), tooLate: z.int() }),
  example: { cancelled: 2, tooLate: 0 },
};

export const messagePage: AnswerDoc = {
  ...accepts(200, 'Messages, newest first'),
  schema: page(summary),
  example: { data: [exampleSummary], nextCursor: null },
};

export const messageDetail: AnswerDoc = {
  ...accepts(200, 'The message'),
  schema: detail,
  example: { ...exampleSummary, html: '<p>Hello {{name}}</p>', text: null, batches: { settled: 1 } },
};

export const recipientPage: AnswerDoc = {
  ...accepts(200, 'Recipients'),
  schema: page(recipient),
  example: { data: [exampleRecipient], nextCursor: null },
};

export const batchPage: AnswerDoc = {
  ...accepts(200, 'Batches with their attempts'),
  schema: page(batch),
  example: { data: [], nextCursor: null },
};

export const eventPage: AnswerDoc = {
  ...accepts(200, 'Events, oldest first'),
  schema: page(event),
  example: { data: [], nextCursor: null },
};

const requestExamples = {
  smallest: { from: 'no-reply@example.com', to: 'kim@example.com', subject: 'Hi', text: 'Hello!' },
  personalised: {
    from: { address: 'no-reply@example.com', name: 'Example Shop' },
    subject: '{{name}}, your order {{order}} has left',
    html: '<p>Hello {{name}},</p><p>order <b>{{order}}</b> is on its way.</p>',
    variables: { order: 'A-17' },
    recipients: [
      { address: 'kim@example.com', name: 'Kim', variables: { name: 'Kim' } },
      { address: 'lee@example.com', name: 'Lee', variables: { name: 'Lee', order: 'A-18' } },
    ],
    tags: ['orders'],
    metadata: { orderSystem: 'web' },
  },
  loginCode: {
    category: 'authentication',
    from: 'login@example.com',
    to: 'kim@example.com',
    subject: 'Your code is {{code}}',
    text: 'Your code is {{code}}. It ends in five minutes.',
    variables: { code: '551903' },
  },
  advertisement: {
    category: 'marketing',
    from: 'news@example.com',
    to: ['kim@example.com', 'lee@example.com'],
    subject: 'Autumn sale',
    html: '<p>20 % off.</p><p>{{unsubscribe}}</p>',
  },
} as const;

export const messageExamples: ApiBodyOptions = {
  schema: toJsonSchema(messageSchema, 'input') as NonNullable<Extract<ApiBodyOptions, { schema?: unknown }>['schema']>,
  examples: Object.fromEntries(
    Object.entries(requestExamples).map(([name, value]) => [name, { summary: name, value }]),
  ),
};
