import { z } from 'zod';

export const pause = z.strictObject({
  reason: z.string().trim().min(1).max(200).default('by an operator').meta({ description: 'Shown beside the account' }),
});

export const drain = pause;

export const changeBounceBlock = z.strictObject({
  hours: z.int().min(1).max(87_600).meta({ description: 'At most ten years' }),
});
