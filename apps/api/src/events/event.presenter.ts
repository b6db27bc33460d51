import type { LogEvent } from '@gateway/delivery';

export const presentEvent = (event: LogEvent) => ({ ...event, at: event.at.toISOString() });
