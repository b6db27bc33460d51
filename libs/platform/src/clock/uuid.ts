import { V7Generator } from 'uuidv7';
import { systemClock, type Clock } from './clock.js';

/** A clock that is set back by more than this is followed; by less, ids go on growing. */
const ROLLBACK_MS = 10_000;

const generator = new V7Generator();
let clock = systemClock;

/**
 * Takes the time of new ids from this clock. Readers page through lists by id: if the ids of one process lag behind
 * those of others, its rows land before the readers' position and are never read.
 */
export function takeIdsFrom(source: Clock): void {
  clock = source;
}

/** A new UUIDv7 in canonical text form: 36 lower-case characters, sorting by time of creation. */
export const newUuid = (): string => generator.generateOrResetCore(clock.now().getTime(), ROLLBACK_MS).toString();
