import {
  attemptOutcomeMeanings,
  batchStatusMeanings,
  reasonMeanings,
  recipientStatusMeanings,
  recipientTypes,
} from '@gateway/core';
import { causeCodes, waitsFor } from '@gateway/delivery';
import { z } from 'zod';
import { explainedEnum, idOf, instant, pageOf } from '../openapi/common.js';
import { messageStatus } from './message-schemas.openapi.js';

const verbatim = z.string().nullable();

const recipient = z
  .object({
    messageId: idOf('message'),
    position: z.int().meta({ description: 'Position in the request, from 0' }),
    address: z.string().nullable().meta({ description: 'null: erased on request' }),
    name: z.string().nullable(),
    type: z.enum(recipientTypes),
    status: explainedEnum('RecipientStatus', 'The state of the mail for this recipient.', recipientStatusMeanings),
    final: z.boolean().meta({ description: 'No further status is expected' }),
    reason: explainedEnum('Reason', 'Why the mail was not delivered.', reasonMeanings).nullable(),
    bounceType: z.enum(['hard', 'soft']).nullable(),
    provider: z
      .object({
        name: verbatim,
        requestId: verbatim,
        mailId: verbatim,
        code: verbatim,
        message: verbatim,
      })
      .meta({ description: "The provider's own ids, code and message" }),
    updatedAt: instant,
    deliveredAt: instant.nullable(),
    openedAt: instant.nullable(),
  })
  .meta({ id: 'Recipient' });

const attempt = z
  .object({
    number: z.int(),
    startedAt: instant,
    finishedAt: instant.nullable(),
    outcome: explainedEnum('AttemptOutcome', 'How the attempt ended.', attemptOutcomeMeanings).nullable(),
    httpStatus: z.int().nullable(),
    providerCode: verbatim,
    providerMessage: verbatim,
    detail: verbatim,
  })
  .meta({ id: 'Attempt' });

const batch = z
  .object({
    id: idOf('batch'),
    parentId: idOf('batch').nullable().meta({
      description: 'The `replanned` batch that this one replaces in part',
    }),
    provider: z.string(),
    operation: z.string().nullable().meta({ description: "The provider's name for the call" }),
    status: explainedEnum('BatchStatus', 'Where the provider request stands.', batchStatusMeanings),
    positionFrom: z.int(),
    positionTo: z.int(),
    recipientCount: z.int(),
    reason: z.string().nullable(),
    detail: z.string().nullable(),
    attempts: z.array(attempt),
    providerRequestId: verbatim,
    nextAttemptAt: instant.nullable(),
    nextPollAt: instant.nullable(),
  })
  .meta({ id: 'Batch', description: 'One request to a provider: a range of recipients' });

export const recipientPage = pageOf('RecipientPage', recipient);
export const batchPage = pageOf('BatchPage', batch);

export const diagnosis = z
  .object({
    state: messageStatus,
    waitingFor: explainedEnum('WaitingFor', 'The thing that the message waits for.', waitsFor).nullable(),
    since: instant.nullable(),
    until: instant.nullable().meta({ description: 'When it goes on, or is tried again. `null`: not known' }),
    causes: z.array(
      z.object({
        code: z
          .enum([...new Set([...causeCodes, ...Object.keys(reasonMeanings)])])
          .meta({ description: 'What it waits for, a reason, or why an account or a recipient was left out' }),
        detail: z.string(),
        provider: z
          .object({ name: z.string(), code: z.string().optional(), message: z.string().optional() })
          .meta({ description: "The account, with the provider's own code and words" })
          .optional(),
        recipients: z.int().optional().meta({ description: 'How many recipients it concerns, where that is counted' }),
        batches: z.int().optional().meta({ description: 'In how many provider requests' }),
        status: z
          .enum([...new Set([...Object.keys(recipientStatusMeanings), ...Object.keys(batchStatusMeanings)])])
          .optional()
          .meta({ description: 'The status in which their mail ended' }),
      }),
    ),
    nextSteps: z.array(z.string()).meta({ description: 'What can be done, most useful first' }),
  })
  .meta({ id: 'Diagnosis' });
