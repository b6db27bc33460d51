import { idTime } from '../../state/ids.js';

/**
 * NCP requestId: `yyyyMMdd` and 12 digits (ncp.md §3.1), here the time of day and a serial number, so that
 * a restarted simulator does not hand out the ids of the run before.
 */
export const ncpRequestId = (at: number, serial: number): string =>
  idTime(at).slice(0, 14) + String(serial % 1_000_000).padStart(6, '0');

/** NCP mailId: same form as a requestId; opaque to clients (ncp.md §14). */
export const ncpMailId = (at: number, mail: number): string =>
  idTime(at).slice(0, 8) + String(mail % 1_000_000_000_000).padStart(12, '0');

/** The mail number inside a mailId, or undefined for anything that is not one. */
export const mailNumberOf = (mailId: string): number | undefined =>
  /^\d{20}$/.test(mailId) ? Number(mailId.slice(8)) : undefined;
