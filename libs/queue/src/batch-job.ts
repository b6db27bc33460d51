import { z } from 'zod';

/** The whole payload of every job: which batches to look at. What is to be done stands in PostgreSQL (law 1). */
export const batchJobSchema = z.object({ batchIds: z.array(z.uuid()).min(1).max(1000) });
export type BatchJob = z.infer<typeof batchJobSchema>;

/** Batches in one job: several small messages share a job and its claim. */
export const BATCHES_PER_JOB = 20;
