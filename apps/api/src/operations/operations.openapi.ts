import { z } from 'zod';
import { json, type OperationDoc } from '../openapi/operation.js';

const state = z.enum(['up', 'degraded', 'busy', 'down']);

const healthReport = z
  .object({
    status: state,
    checks: z.record(z.string(), z.object({ status: state, durationMs: z.int(), reason: z.string().optional() })),
  })
  .meta({ id: 'HealthReport' });

const readyChecks = {
  database: { status: 'up', durationMs: 1 },
  queue: { status: 'up', durationMs: 2 },
  migrations: { status: 'up', durationMs: 3 },
  door: { status: 'up', durationMs: 0 },
} as const;

export const getLiveness: OperationDoc = {
  id: 'getLiveness',
  summary: 'Liveness',
  description: 'Checks the process only. Needs no key.',
  open: true,
  answers: [
    { status: 200, description: 'The process answers', content: json(healthReport, { status: 'up', checks: {} }) },
  ],
};

export const getReadiness: OperationDoc = {
  id: 'getReadiness',
  summary: 'Readiness',
  description:
    'Checks the database, the queue and the migrations. `degraded`: Redis is away; mail is accepted and sent, more ' +
    'slowly. `busy`: the api works but rejects new mail, for the reason in the check `door`. Needs no key.',
  open: true,
  answers: [
    {
      status: 200,
      description: 'All required parts work',
      content: json(healthReport, { status: 'up', checks: readyChecks }),
    },
    {
      status: 503,
      description: 'A required part does not work',
      content: json(healthReport, {
        status: 'down',
        checks: { ...readyChecks, database: { status: 'down', durationMs: 2000, reason: 'timeout' } },
      }),
    },
  ],
};

export const getMetrics: OperationDoc = {
  id: 'getMetrics',
  summary: 'Metrics for Prometheus',
  description: 'In the text format of Prometheus. Needs no key.',
  open: true,
  answers: [
    {
      status: 200,
      description: 'All metrics of this process',
      content: {
        mediaType: 'text/plain',
        schema: z.string(),
        example: '# TYPE gateway_batches gauge\ngateway_batches{provider="ncp",status="queued",process="api"} 3\n',
      },
    },
  ],
  problems: ['internal_error'],
};
