import { z } from 'zod';

/** `true` or `false` in a query. */
export const queryFlag = (description: string) =>
  z
    .enum(['true', 'false'])
    .meta({ description, examples: ['true'] })
    .transform((text) => text === 'true');
