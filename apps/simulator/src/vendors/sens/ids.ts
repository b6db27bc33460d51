import { idTime } from '../../state/ids.js';

/** `20261120-R-<26 letters and digits>-<digits>`, ULID-like (sens.md §2.3). Clients must not read meaning into it. */
const sensId = (kind: 'R' | 'M', at: number, number: number): string =>
  `${idTime(at).slice(0, 8)}-${kind}-${at.toString(32).toUpperCase().padStart(10, '0')}${number
    .toString(32)
    .toUpperCase()
    .padStart(16, '0')}-101`;

export const sensRequestId = (at: number, serial: number): string => sensId('R', at, serial);

export const sensMailId = (at: number, mail: number): string => sensId('M', at, mail);
