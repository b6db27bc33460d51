import { GatewayProblem } from '@gateway/core';
import { isDatabaseAway, isDatabaseBusy, isHashKeyMissing, isPoolExhausted } from '@gateway/database';

const AWAY = 'The database is not available at the moment.';
const EXHAUSTED = 'All connections to the database are in use, and none became free in time.';
const KEYLESS =
  'Suppressions of erased addresses depend on a key that this process does not have. An operator has to add it to ERASURE_KEY.';
const BUSY = 'Another request was changing the same data. Try again.';

/** A database error that may pass: nothing was changed, and the same request may work in a few seconds. */
export function databaseTrouble(error: unknown): GatewayProblem | undefined {
  if (isPoolExhausted(error)) return overloaded(EXHAUSTED, 5, error);
  if (isDatabaseAway(error)) return overloaded(AWAY, 5, error);
  if (isDatabaseBusy(error)) return overloaded(BUSY, 1, error);
  if (isHashKeyMissing(error)) return overloaded(KEYLESS, 30, error);
  return undefined;
}

const overloaded = (detail: string, retryAfterSeconds: number, cause: unknown): GatewayProblem =>
  new GatewayProblem('overloaded', detail, { retryAfterSeconds, cause });
