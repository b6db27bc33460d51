import { z } from 'zod';
import { json, type OperationDoc } from './operation.js';

const state = z.enum(['up', 'busy', 'down']);

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
  summary: 'Is the process alive',
  description: 'Looks at nothing but itself. Open without a key.',
  open: true,
  answers: [
    { status: 200, description: 'The process answers', content: json(healthReport, { status: 'up', checks: {} }) },
  ],
};

export const getReadiness: OperationDoc = {
  id: 'getReadiness',
  summary: 'Can it take requests',
  description:
    'Asks the database and the queue, and looks for missing migrations. `busy`: it works, but new mail is turned away for ' +
    'the reason that the check `door` gives. Open without a key.',
  open: true,
  answers: [
    {
      status: 200,
      description: 'Everything that is needed works',
      content: json(healthReport, { status: 'up', checks: readyChecks }),
    },
    {
      status: 503,
      description: 'Something that is needed does not work',
      content: json(healthReport, {
        status: 'down',
        checks: { ...readyChecks, queue: { status: 'down', durationMs: 2000, reason: 'timeout' } },
      }),
    },
  ],
};

export const getMetrics: OperationDoc = {
  id: 'getMetrics',
  summary: 'Metrics for Prometheus',
  description: 'In the text format of Prometheus. Open without a key.',
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
