import { z } from 'zod';
import { durationMs, wholeNumber } from './variables.js';

/** Beyond these the api answers 503, or 429 where one client has its whole share, instead of taking more. */
export interface DoorLimits {
  /** Batches, and recipients in them, that wait for dispatch in the whole gateway; 0: any number. */
  readonly maxWaitingBatches: number;
  readonly maxWaitingRecipients: number;
  /** Bytes of bodies that one api has in memory. */
  readonly maxBodyBytes: number;
  /** Bodies that one api reads as streams at the same time: behind each stands a connection to the database. */
  readonly maxUploads: number;
  /** Shares of one client at one api: requests in progress, bytes of bodies, streams. */
  readonly maxClientRequests: number;
  readonly maxClientBodyBytes: number;
  readonly maxClientUploads: number;
  /** How long an api waits for one uploader, all pauses together. */
  readonly uploadDeadlineMs: number;
  /** Maximum time that an uploader may stay below the minimum rate, in milliseconds. */
  readonly uploadStallMs: number;
}

/** Minimum in megabytes: the largest JSON body (64 MiB) must fit. */
const LEAST_BODY_MEMORY_MB = 68;
/** Maximum uploads at a time; the api's other database connections are left for all other requests. */
const MOST_UPLOADS = 16;

export const doorSchema = z.object({
  MAX_WAITING_BATCHES: wholeNumber(0, 1_000_000_000).default(1_000_000),
  MAX_WAITING_RECIPIENTS: wholeNumber(0, 1_000_000_000_000).default(100_000_000),
  MAX_BODY_MEMORY_MB: wholeNumber(LEAST_BODY_MEMORY_MB, 1_000_000).default(128),
  MAX_UPLOADS: wholeNumber(1, MOST_UPLOADS).default(12),
  MAX_CLIENT_REQUESTS: wholeNumber(1, 1_000_000).default(256),
  MAX_CLIENT_BODY_MEMORY_MB: wholeNumber(LEAST_BODY_MEMORY_MB, 1_000_000).default(LEAST_BODY_MEMORY_MB),
  MAX_CLIENT_UPLOADS: wholeNumber(1, MOST_UPLOADS).default(6),
  UPLOAD_DEADLINE_MS: durationMs(1).default(600_000),
  UPLOAD_STALL_MS: durationMs(1).default(30_000),
});

export const doorLimits = (door: z.output<typeof doorSchema>): DoorLimits =>
  Object.freeze({
    maxWaitingBatches: door.MAX_WAITING_BATCHES,
    maxWaitingRecipients: door.MAX_WAITING_RECIPIENTS,
    maxBodyBytes: door.MAX_BODY_MEMORY_MB * 1_000_000,
    maxUploads: door.MAX_UPLOADS,
    maxClientRequests: door.MAX_CLIENT_REQUESTS,
    maxClientBodyBytes: door.MAX_CLIENT_BODY_MEMORY_MB * 1_000_000,
    maxClientUploads: door.MAX_CLIENT_UPLOADS,
    uploadDeadlineMs: door.UPLOAD_DEADLINE_MS,
    uploadStallMs: door.UPLOAD_STALL_MS,
  });
