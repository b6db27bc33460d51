import { V7Generator } from 'uuidv7';
import { systemClock, type Clock } from './clock.js';

/** A clock that is set back by more than this is followed; by less, ids go on growing. */
const ROLLBACK_MS = 10_000;

/** Numbers that are drawn at once: each call of the system's source costs as much as some of them. */
const DRAWN = 256;

/** From the same source as the library's own, which draws eight. */
class DrawnAhead {
  private readonly numbers = new Uint32Array(DRAWN);
  private next = DRAWN;

  nextUint32(): number {
    if (this.next === DRAWN) {
      crypto.getRandomValues(this.numbers);
      this.next = 0;
    }
    return this.numbers[this.next++] ?? 0;
  }
}

const generator = new V7Generator(new DrawnAhead());
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
