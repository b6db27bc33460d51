import { z } from 'zod';

/** A recipient in the answer to a request that was taken, wholly or partly. */
const takenRecipientSchema = z.object({
  email: z.string(),
  state: z.enum(['accepted', 'refused', 'retry_later']),
  id: z.string().min(1).optional(),
  code: z.string().optional(),
  text: z.string().optional(),
  retryAfterSeconds: z.int().min(0).optional(),
});

export type TakenRecipient = z.output<typeof takenRecipientSchema>;

export const takenSchema = z.object({ id: z.string().min(1), recipients: z.array(takenRecipientSchema) });

export const errorSchema = z.object({
  code: z.string(),
  text: z.string().optional(),
  recipients: z.array(takenRecipientSchema).optional(),
});

const eventSchema = z.object({
  request: z.string().min(1),
  key: z.string().min(1),
  email: z.string().min(1),
  id: z.string().min(1),
  state: z.string().min(1),
  at: z.iso.datetime(),
  cause: z.string().optional(),
  permanent: z.boolean().optional(),
  text: z.string().optional(),
});

export type AcmeEvent = z.output<typeof eventSchema>;

export const pushSchema = z.object({ events: z.array(eventSchema).min(1).max(1000) });
