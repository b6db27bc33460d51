import { z } from 'zod';

/** A time span of up to a day, ms. */
export const spanMs = z.int().min(0).max(86_400_000);

/** How long an upload can be used, ms; `null`: for ever. */
export const lifetimeMs = z.int().positive().nullable().default(null);

export const unknownFields = z.enum(['reject', 'ignore']).default('reject');
