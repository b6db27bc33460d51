import { idTime } from '../../state/ids.js';

/** NHN requestId: `yyyyMMddHHmmss`, seven characters, type digit 0 normal or 1 reserved (nhn.md §2.4). */
export const nhnRequestId = (at: number, serial: number, reserved: boolean): string =>
  idTime(at).slice(0, 14) + serial.toString(36).padStart(7, '0').slice(-7) + (reserved ? '1' : '0');
