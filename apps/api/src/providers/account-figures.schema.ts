import { instant } from '../openapi/common.js';
import { z } from 'zod';

/** Figures of an account's health. */
export const accountFigures = {
  p95Ms: z.int().nullable().meta({
    description: 'Milliseconds in which 95 % of the requests of the last hour were answered; null: there were none',
  }),
  ambiguityRate: z.number().min(0).max(1).nullable().meta({
    description: 'Share of the requests of the last hour that were left without an answer, whatever became of them',
  }),
  pollLagSeconds: z.number().min(0).meta({ description: 'How late the most overdue status poll is' }),
  breaker: z
    .object({
      state: z.enum(['closed', 'open', 'half_open']),
      reason: z.enum(['credentials', 'unavailable', 'throttled']).nullable(),
      until: instant.nullable(),
      failures: z.int(),
    })
    .meta({ description: 'Open: nothing is sent until then. Half open: one batch tries' }),
};

/** An account that is not configured any more. */
export const stranded = z.object({
  name: z.string(),
  batches: z
    .object({ waiting: z.int(), unconfirmed: z.int(), followed: z.int() })
    .meta({ description: 'Batches that are not sent yet, in doubt, or taken by the provider and not final' }),
});
