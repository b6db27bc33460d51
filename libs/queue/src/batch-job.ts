import { z } from 'zod';

/** The whole payload of every job: the batches to look at. PostgreSQL records the work to do (law 1). */
export const batchJobSchema = z.object({ batchIds: z.array(z.uuid()).min(1).max(1000) });
export type BatchJob = z.infer<typeof batchJobSchema>;

/** Batches in one job: several small messages share a job and its claim. */
export const BATCHES_PER_JOB = 40;
