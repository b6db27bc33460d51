import { LOG_START, type EventLog, type LogCursor } from '@gateway/delivery';
import type { GivenCursor } from './event-list.schema.js';

/** Reads a caller's cursor; without one, the log is read from its start. */
export async function cursorFrom(log: EventLog, clientId: string, given: GivenCursor | undefined): Promise<LogCursor> {
  if (given === undefined) return LOG_START;
  return 'row' in given ? log.findCursor(clientId, given) : given;
}
