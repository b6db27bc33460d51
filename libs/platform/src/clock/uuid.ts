import { uuidv7 } from 'uuidv7';

/** A new UUIDv7 in canonical text form: 36 lower-case characters, sorting by time of creation. */
export const newUuid = (): string => uuidv7();
