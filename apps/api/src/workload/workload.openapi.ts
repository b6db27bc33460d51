import { categories } from '@gateway/core';
import { z } from 'zod';
import { instant } from '../openapi/common.js';
import { json, type OperationDoc } from '../openapi/operation.js';

const seconds = z.number().min(0);
const countsByName = z.record(z.string(), z.int());

const lane = z.object({
  category: z.enum(categories),
  batches: countsByName.meta({ description: 'Batches that are not at their end, by status' }),
  reasons: countsByName.meta({ description: 'Deferred batches, by reason' }),
  oldestDueSeconds: seconds.meta({ description: 'How long the oldest batch has been due; 0 when none is' }),
  lastMinute: z
    .object({ requests: z.int(), recipients: z.int() })
    .meta({ description: 'Posted within the last minute' }),
});

const account = z.object({
  name: z.string(),
  limits: z
    .object({ requestsPerSecond: z.number().nullable(), recipientsPerSecond: z.number().nullable() })
    .meta({ description: 'The pace of the account; `null`: none' }),
  waiting: z
    .object({
      account: z.string(),
      reason: z.string(),
      detail: z.string(),
      since: instant.nullable(),
      until: instant.nullable().meta({ description: 'null: only after an operator acts' }),
    })
    .nullable()
    .meta({ description: 'Why mail of this account waits; `null`: it takes mail' }),
  unconfirmedSeconds: seconds.meta({ description: 'Age of the oldest unconfirmed request' }),
  pollLagSeconds: seconds.meta({ description: 'How late the most overdue status poll is' }),
  endedLeases: z.int().meta({ description: 'Batches whose worker is gone and that no worker has taken over yet' }),
  lanes: z.array(lane),
});

const workload = z
  .object({
    readAt: instant,
    accounts: z.array(account),
    minutes: z
      .array(z.object({ at: instant, accounts: z.record(z.string(), countsByName) }))
      .meta({ description: 'Requests to providers of the last hour, by minute, account and outcome' }),
    webhooks: z
      .object({ healthy: z.int(), failing: z.int(), paused: z.int(), lagSeconds: seconds })
      .meta({ description: 'Endpoints of all clients; the lag is of those that are neither failing nor paused' }),
    audienceLagSeconds: seconds.meta({ description: 'How late the most overdue message to an audience is' }),
  })
  .meta({ id: 'Workload' });

const example: z.input<typeof workload> = {
  readAt: '2026-11-20T09:00:05.000Z',
  accounts: [
    {
      name: 'ncp',
      limits: { requestsPerSecond: 10, recipientsPerSecond: null },
      waiting: null,
      unconfirmedSeconds: 0,
      pollLagSeconds: 0.4,
      endedLeases: 0,
      lanes: [
        {
          category: 'transactional',
          batches: { queued: 12, deferred: 2 },
          reasons: { throttled: 2 },
          oldestDueSeconds: 1.5,
          lastMinute: { requests: 40, recipients: 44 },
        },
      ],
    },
  ],
  minutes: [{ at: '2026-11-20T08:59:00.000Z', accounts: { ncp: { accepted: 40, refused: 1 } } }],
  webhooks: { healthy: 2, failing: 0, paused: 0, lagSeconds: 0 },
  audienceLagSeconds: 0,
};

export const readWorkload: OperationDoc = {
  id: 'readWorkload',
  summary: 'Read the work under way',
  description:
    'Mail that waits, by account and lane, for how long and why, and how fast mail goes. Of all clients together. Read from ' +
    'the database at most once a second, and less often while that takes long; `readAt` says when.',
  answers: [{ status: 200, description: 'The work under way', content: json(workload, example) }],
};
