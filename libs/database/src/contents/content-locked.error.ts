import { GatewayProblem } from '@gateway/core';

/** An operator brings the key back in minutes rather than in seconds. */
const RETRY_AFTER_SECONDS = 60;

/** Content that is encrypted and cannot be decrypted now: nothing may be made of it. */
export class ContentLockedError extends GatewayProblem {
  constructor(detail: string, cause?: unknown) {
    super('overloaded', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS, ...(cause !== undefined && { cause }) });
  }
}
