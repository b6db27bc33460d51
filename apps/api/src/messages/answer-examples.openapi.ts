import { recipientStatuses, type RecipientStatus } from '@gateway/core';
import type { z } from 'zod';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import type { batchPage, diagnosis, recipientPage } from './follow-schemas.openapi.js';
import type { message, messageDetail, messageSummary, preview, release } from './message-schemas.openapi.js';

/** How the calls answer for the message that a sandbox gateway makes at its start. */
const CREATED = '2026-11-20T09:00:00.412Z';
const DELIVERED = '2026-11-20T09:00:06.120Z';

const none = Object.fromEntries(recipientStatuses.map((status) => [status, 0])) as Record<RecipientStatus, number>;

const routing = {
  provider: 'ncp',
  candidates: [
    { provider: 'ncp', able: true, reasons: [] },
    { provider: 'nhn', able: true, reasons: [] },
  ],
  failovers: [],
  route: { name: 'PROVIDER_ORDER', version: 0 },
};

export const acceptedMessage: z.input<typeof message> = {
  id: EXAMPLE_IDS.message,
  status: 'queued',
  category: 'transactional',
  delivery: 'individual',
  provider: 'auto',
  routing,
  from: { address: 'no-reply@example.com', name: 'Example Shop' },
  subject: '{{name}}, your order {{order}} has left',
  contentWithheld: null,
  template: null,
  audience: null,
  tags: ['orders'],
  metadata: { orderSystem: 'web' },
  recipientCount: 2,
  suppressedCount: 0,
  batchCount: 1,
  counts: { ...none, queued: 2 },
  waiting: null,
  createdAt: CREATED,
  sendAt: null,
  warnings: [],
  redriveOf: null,
};

export const completedMessage: z.input<typeof messageSummary> = {
  ...acceptedMessage,
  to: 'kim@example.com',
  status: 'completed',
  counts: { ...none, delivered: 2 },
  completedAt: DELIVERED,
  releasedAt: null,
  erasedAt: null,
};

export const detailedMessage: z.input<typeof messageDetail> = {
  ...completedMessage,
  html: '<p>Hello {{name}},</p><p>order <b>{{order}}</b> is on its way.</p>',
  text: null,
  attachments: [],
  batches: { settled: 1 },
};

export const releasedMessage: z.input<typeof release> = {
  id: EXAMPLE_IDS.held,
  status: 'scheduled',
  sendAt: '2026-12-20T09:00:00.000Z',
  releasedAt: CREATED,
};

export const previewedMessage: z.input<typeof preview> = {
  provider: 'ncp',
  routing,
  hold: false,
  recipientCount: 1,
  suppressed: [],
  suppressedCount: 0,
  quotaCost: 1,
  batchCount: 1,
  batches: [{ positionFrom: 0, positionTo: 0, recipientCount: 1 }],
  rendered: { address: 'kim@example.com', subject: 'Hi', html: 'Hello!' },
  requests: [
    {
      operation: 'createMailRequest',
      method: 'POST',
      url: 'https://mail.apigw.ntruss.com/api/v1/mails',
      headers: { 'content-type': 'application/json', 'x-ncp-iam-access-key': '[redacted]' },
      body: {
        senderAddress: 'no-reply@example.com',
        title: 'Hi',
        body: 'Hello!',
        individual: true,
        recipients: [{ address: 'kim@example.com', type: 'R' }],
      },
      recipientsNotShown: 0,
    },
  ],
};

export const recipients: z.input<typeof recipientPage> = {
  data: [
    {
      messageId: EXAMPLE_IDS.message,
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
        requestId: '20261120180000000001',
        mailId: '20261120180000000002',
        code: null,
        message: null,
      },
      updatedAt: DELIVERED,
      deliveredAt: '2026-11-20T09:00:01.000Z',
      openedAt: null,
    },
  ],
  nextCursor: 'MA',
};

export const batches: z.input<typeof batchPage> = {
  data: [
    {
      id: EXAMPLE_IDS.batch,
      parentId: null,
      provider: 'ncp',
      operation: 'createMailRequest',
      status: 'settled',
      positionFrom: 0,
      positionTo: 1,
      recipientCount: 2,
      reason: null,
      detail: null,
      attempts: [
        {
          number: 1,
          startedAt: '2026-11-20T09:00:00.530Z',
          finishedAt: '2026-11-20T09:00:00.640Z',
          outcome: 'accepted',
          httpStatus: 201,
          providerCode: null,
          providerMessage: null,
          detail: null,
        },
      ],
      providerRequestId: '20261120180000000001',
      nextAttemptAt: null,
      nextPollAt: null,
    },
  ],
  nextCursor: null,
};

export const diagnosed: z.input<typeof diagnosis> = {
  state: 'queued',
  waitingFor: 'account',
  since: '2026-11-20T09:00:00.000Z',
  until: null,
  causes: [
    {
      code: 'provider_unavailable',
      detail: '2 recipients waiting at ncp: the account is paused: maintenance',
      provider: { name: 'ncp' },
      recipients: 2,
      batches: 1,
    },
  ],
  nextSteps: ['To let its mail go on: POST /v1/providers/ncp/resume.'],
};
